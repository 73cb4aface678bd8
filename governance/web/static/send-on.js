// Sends the form of this page on at once; without scripts, its button does.
document.getElementById("send-on").requestSubmit();
