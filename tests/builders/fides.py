"""Files of Fides, by hand: a shop's systems and its database."""

SYSTEMS = """\
system:
  - fides_key: newsletter_sender
    name: Newsletter
    description: Writes to those who asked for it.
    system_type: Service
    administrating_department: Marketing
    legal_name: Sender Example Inc.
    legal_address: 1 Example Street
    dpo: dpo@sender.example
    responsibility: [Processor]
    third_country_transfers: [USA]
    does_international_transfers: true
    legal_basis_for_transfers: [SCCs, Supplementary Measures]
    data_security_practices: Encryption in transit
    uses_cookies: true
    cookie_max_age_seconds: 3600
    egress:
      - {fides_key: shop_db, type: dataset}
    privacy_declarations:
      - name: Write the weekly letter
        data_categories: [user.contact.email, user.name.first, system.operations]
        data_use: marketing.communications.email
        data_subjects: [customer, prospect]
        legal_basis_for_processing: Consent
        retention_period: "1095"
        data_shared_with_third_parties: true
        third_parties: Printer Example; Post Example
        cookies: [{name: seen, path: /}]
      - data_categories: [user.behavior.purchase_history, user.unheard_of]
        data_use: analytics.reporting.campaign_insights
        data_subjects: [visitor]
        legal_basis_for_processing: Legitimate interests
        retention_period: as long as needed
  - fides_key: build_server
    name: Build server
    processes_personal_data: false
    privacy_declarations: []
policy:
  - fides_key: a_policy
"""
DATASETS = """\
dataset:
  - fides_key: shop_db
    name: Shop database
    collections:
      - name: users
        retention: 3 years
        fields:
          - name: email
            data_categories: [user.contact.email]
            fidesops_meta: {primary_key: true}
          - name: profile
            fields:
              - name: card
                data_categories: [user.financial.credit_card]
              - name: blood
                data_categories: [user.health_and_medical]
          - {name: odd, data_categories: [user.unheard_of]}
"""
