"""Fictional campaigns."""

from typing import Any

from governance.campaigns.sending.values import CampaignTerms


def a_campaign(**more: Any) -> CampaignTerms:
    """Return the terms of a campaign by e-mail."""
    said: dict[str, Any] = {
        "name": "Ventes de décembre",
        "purpose": "email-marketing",
        "subject_fr": "Nos ventes de décembre",
        "subject_en": "Our sales in December",
        "text_fr": "Bonjour,\n\nNos ventes commencent lundi.",
        "text_en": "Hello,\n\nOur sales begin on Monday.",
    }
    return CampaignTerms(**said | more)
