"""What the guide asks, in the words of somebody who keeps a shop; marked for translation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from governance.errors import mark
from register.articles import RECIPIENTS, articles_of
from register.guide.values import GuideStep, Standing
from register.lines.values import Subject
from register.values import Capacity

_OWN: Final = articles_of(Capacity.CONTROLLER)
_OTHERS: Final = articles_of(Capacity.PROCESSOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWords:
    """A question in words.

    Attributes:
        short: What it is called in the list of the questions.
        question: What is asked.
        why: Why it is asked.
        example: What a shop would answer.
        unsure: What to do if one does not know.
        article: The provision that asks for it.
        none: What the button says that goes by it; empty where there is no going by.
    """

    short: str
    question: str
    why: str
    example: str
    unsure: str
    article: str
    none: str = ""


STEP_WORDS: Final[Mapping[GuideStep, StepWords]] = {
    GuideStep.WHAT: StepWords(
        short=mark("What you do"),
        question=mark("What do you do?"),
        why=mark(
            "A record tells a stranger what happens in your firm. Its name and a few sentences are enough. What you do "
            "for others, on their instructions, stands in a register of its own, which asks for less."
        ),
        example=mark(
            "“Loyalty programme. Customers who wish take a card; we count their points and send them a voucher.”"
        ),
        unsure=mark("Say it as you would to a new colleague. You can write it better at any time before you submit."),
        article="GDPR Art. 5(2), 30(1)",
    ),
    GuideStep.WHY: StepWords(
        short=mark("Why, and what allows it"),
        question=mark("Why do you do it, and what allows you to?"),
        why=mark(
            "Data may be used for a reason that you have said beforehand, and only if one of the six grounds of the "
            "law allows it. Another reason is another purpose: you can declare several."
        ),
        example=mark(
            "“Delivering orders”: the contract with the customer allows it. “Sending offers by e-mail”: the customer "
            "agreed. “Keeping invoices”: a law obliges you."
        ),
        unsure=mark(
            "If the person ordered something and you need the data for it, choose the contract. If a law asks for it, "
            "the legal obligation. If you would have to ask first, consent. Your DPO looks at it before anything opens."
        ),
        article="GDPR Art. 5(1)(b), 6(1), 30(1)(b)",
    ),
    GuideStep.PEOPLE: StepWords(
        short=mark("Whose data"),
        question=mark("Whose data is it, and about how many people?"),
        why=mark("The number says how much is at stake: with many people, a closer assessment may be needed."),
        example=mark("“About 3,000 customers, and 40 contacts at companies.”"),
        unsure=mark("Count roughly: customers of the last three years, or cards given out. Nobody asks for exactness."),
        article="GDPR Art. 30(1)(c), 35(3)(b)",
        none=mark("I do not know: go on"),
    ),
    GuideStep.DATA: StepWords(
        short=mark("Which data, how long"),
        question=mark("Which data do you need, and for how long?"),
        why=mark(
            "What is not listed here cannot be read for this purpose, and what is listed is deleted when its time has "
            "come. So list what you cannot do without, and no more."
        ),
        example=mark("“Names and addresses of customers, for three years from the last order.”"),
        unsure=mark(
            "Ask yourself when you last opened a file that old. Three years from the last contact is usual for "
            "customers, ten years from the end of the financial year is the law for invoices."
        ),
        article="GDPR Art. 5(1)(c), 5(1)(e), 30(1)(c), 30(1)(f)",
    ),
    GuideStep.RECIPIENTS: StepWords(
        short=mark("Who sees them"),
        question=mark("Who in your firm sees these data?"),
        why=mark(
            "Only those ticked here can be given access. Tick those whose work needs the data, not all who might like "
            "to see them."
        ),
        example=mark("“Customer service and accounting.”"),
        unsure=mark(
            "Think of who opens the file in a usual week. If nobody in your firm does, as when an accountant looks "
            "after the payroll, tick nobody, and name whoever does where the guide asks who helps you."
        ),
        article=_OWN[RECIPIENTS],
    ),
    GuideStep.HELPERS: StepWords(
        short=mark("Who helps you"),
        question=mark("Does anybody outside your firm help you with it, or receive the data?"),
        why=mark(
            "Whoever works on the data for you (a host, a printer, a carrier, an e-mail service) does so under a "
            "contract that protects them. Whoever decides with you, or receives the data, is named too."
        ),
        example=mark("“Our newsletter service sends the e-mails for us: a processor.”"),
        unsure=mark(
            "Look through your invoices: who is paid to store, print, send or look after these data? If it is nobody, "
            "go on."
        ),
        article=_OWN[Subject.PARTIES],
        none=mark("Nobody: go on"),
    ),
    GuideStep.TRANSFERS: StepWords(
        short=mark("Where they go"),
        question=mark("Do the data leave the European Union?"),
        why=mark(
            "In the Union, Norway, Iceland and Liechtenstein data are protected alike. Elsewhere, the United Kingdom "
            "and Switzerland among them, something has to protect them: a decision of the Commission on the country, "
            "or clauses signed with whoever receives them."
        ),
        example=mark("“The support desk of our host is in India and can see the database: standard clauses.”"),
        unsure=mark(
            "Ask your host and your e-mail service where they keep the data, and from where they look at them: it is "
            "in their contract. If all of it is in the Union, go on."
        ),
        article=_OWN[Subject.TRANSFERS],
        none=mark("They stay there: go on"),
    ),
    GuideStep.MEASURES: StepWords(
        short=mark("How they are protected"),
        question=mark("How are the data protected?"),
        why=mark(
            "The record says in general terms what protects the data. Tick what is in place, not what is planned."
        ),
        example=mark("“Passwords, a backup every night, a locked cupboard for the paper files.”"),
        unsure=mark("Ask whoever looks after your computers. Go on without, and come back: it does not hold you up."),
        article=_OWN[Subject.MEASURES],
        none=mark("Later: go on"),
    ),
    GuideStep.DECISIONS: StepWords(
        short=mark("Machines that decide"),
        question=mark("Does a machine rank people, or decide about them?"),
        why=mark(
            "A score, a ranking or a refusal that a program makes of somebody has to be explained to them; where it "
            "decides alone, they may ask for a person."
        ),
        example=mark("“The till refuses payment in three instalments by a score, and nobody looks at it again.”"),
        unsure=mark(
            "If a person reads the file and decides, there is none. A list sorted by date is none either. If there is "
            "a score of any kind, declare it."
        ),
        article=_OWN[Subject.DECISIONS],
        none=mark("No machine decides: go on"),
    ),
    GuideStep.RIGHTS: StepWords(
        short=mark("People’s rights"),
        question=mark("How do people reach you about their data?"),
        why=mark("Everybody may ask to see, correct or delete their data. They read in your notice how to ask."),
        example=mark("“By e-mail to privacy@example.com, or by post to the shop.”"),
        unsure=mark("An e-mail address that somebody reads every day is enough."),
        article=_OWN[Subject.RIGHTS],
        none=mark("Later: go on"),
    ),
    GuideStep.ASSETS: StepWords(
        short=mark("Your tools"),
        question=mark("Which applications and tables do you use for it?"),
        why=mark("When an application changes or fails, you see at once which activities it concerns."),
        example=mark("“The till, the newsletter tool, the spreadsheet of the stock.”"),
        unsure=mark("Name what you open on your screen when you do it."),
        article="GDPR Art. 32(1)",
        none=mark("Later: go on"),
    ),
    GuideStep.ANSWERS: StepWords(
        short=mark("Who answers for it"),
        question=mark("Who answers for it?"),
        why=mark(
            "The record names the firm that decides why and how the data are used, and how to reach it. That is the "
            "firm, not the person at the keyboard."
        ),
        example=mark("“Les Halles du Vélo, SARL, 12 rue des Carmes, Nantes.”"),
        unsure=mark("It is the firm whose name stands on the invoices. Its number stands there too."),
        article="GDPR Art. 4(7), 30(1)(a)",
    ),
    GuideStep.REVIEW: StepWords(
        short=mark("Read over and submit"),
        question=mark("Read it over, and submit it"),
        why=mark(
            "Your data protection officer gives an opinion, and then the controller decides. Until then nothing opens, "
            "and the record can be sent back to you."
        ),
        example="",
        unsure=mark("You need not be sure of everything: say in the note what the DPO should look at."),
        article="GDPR Art. 30(1), 39(1)(a)",
    ),
}

# What whoever acts for others is asked otherwise. GDPR Art. 30(2).
_FOR_OTHERS: Final[Mapping[GuideStep, StepWords]] = {
    GuideStep.WHAT: replace(STEP_WORDS[GuideStep.WHAT], article="GDPR Art. 5(2), 30(2)"),
    GuideStep.WHY: replace(
        STEP_WORDS[GuideStep.WHY],
        short=mark("What it is for"),
        question=mark("What do those for whom you act do it for?"),
        why=mark(
            "The purpose, and what makes it lawful, are for those to say for whom you act. You may note a purpose; "
            "without a lawful basis nobody here reads data for it."
        ),
        example=mark("“Sending the letters of the town.”"),
        unsure=mark("Take the purpose out: your register need not say it."),
        article="GDPR Art. 28(3), 30(2)(b)",
    ),
    GuideStep.HELPERS: replace(
        STEP_WORDS[GuideStep.HELPERS],
        short=mark("For whom you act"),
        question=mark("For whom do you do it, and what do you do for each of them?"),
        why=mark(
            "Your record names each controller for whom you act, and says what you do for them: that is what the law "
            "asks of it. Whoever helps you with it is named too, as a processor, under a contract."
        ),
        example=mark("“The town of Nantes: we print and post its letters.”"),
        unsure=mark("Look through your invoices: whose data do you store, print, send or look after, and who pays?"),
        article=_OTHERS[Subject.PARTIES],
        none="",
    ),
    GuideStep.TRANSFERS: replace(STEP_WORDS[GuideStep.TRANSFERS], article=_OTHERS[Subject.TRANSFERS]),
    GuideStep.MEASURES: replace(STEP_WORDS[GuideStep.MEASURES], article=_OTHERS[Subject.MEASURES]),
    GuideStep.ANSWERS: replace(
        STEP_WORDS[GuideStep.ANSWERS],
        short=mark("Who you are"),
        question=mark("Which firm acts for others?"),
        why=mark(
            "The record names your firm as the processor, and how to reach it, its representative and its data "
            "protection officer."
        ),
        article="GDPR Art. 4(8), 30(2)(a)",
    ),
    GuideStep.REVIEW: replace(STEP_WORDS[GuideStep.REVIEW], article="GDPR Art. 30(2), 39(1)(a)"),
}


def words_for(capacity: Capacity) -> Mapping[GuideStep, StepWords]:
    """Return what is asked of whoever keeps a record in this capacity."""
    return {**STEP_WORDS, **_FOR_OTHERS} if capacity is Capacity.PROCESSOR else STEP_WORDS


STANDING_LABELS: Final[Mapping[Standing, str]] = {
    Standing.DONE: mark("done"),
    Standing.TO_DO: mark("to do"),
    Standing.TO_CONFIRM: mark("to confirm"),
    Standing.OPTIONAL: mark("optional"),
}
