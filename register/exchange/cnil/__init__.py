"""The simplified register of the CNIL, as an OpenDocument spreadsheet: a list, and a sheet for each activity."""
