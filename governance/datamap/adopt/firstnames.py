"""Given names that are common in France and its neighbours, to recognise a column of them whatever it is called.

A column counts when half of its values are here, so the list need not be long: it must only be typical.
"""

from typing import Final

from unidecode import unidecode

_NAMES: Final = """
adam adele adrien agathe agnes alain albert alex alexandra alexandre alexis alice aline alix amandine ambre
amelie amina anais andre andrea andrew angela angelique anita anna anne annick annie anthony antoine antonio
arnaud arthur astrid aude audrey aurelie aurelien axel baptiste barbara bastien beatrice benedicte benjamin
benoit bernadette bernard bertrand bruno camille carine carla carlos carole caroline catherine cecile
cedric celine chantal charles charlotte chloe christelle christian christiane christine christophe claire clara
claude claudine clemence clement colette corentin corinne cyril damien dan daniel danielle david davide deborah
delphine denis denise diego dominique dorothee edith edouard eduardo edward elena eliane eliot elisabeth elise
elizabeth ella ellen elodie elsa emile emilie emma emmanuel emmanuelle enzo eric erik ernst estelle esther
etienne eugenie eva evelyne fabien fabienne fabrice fanny fatima faustine felix fernanda fernando florence
florian france francis francisco francois francoise frank fred frederic frederique gabriel gabrielle gael
gaelle genevieve george georges gerald gerard ghislaine gilbert gilles gisele gregory guillaume gustavo guy
hanna hannah hans harry helena helene helmut henri herve hugh hugo ibrahim ines ingrid irene isabelle
jack jacqueline jacques jake james jan jane janine jean jeanne jennifer jeremy jerome jessica jessie joan
joao joel john jonas jonathan jordan jorge jose josette josiane juan julia julie julien juliette
justine karim karine karl kathleen kevin klaus laetitia laura laure laurence laurent lea
leila leo leon leonie liam lilou lina linda lisa loic louane louis louise luc luca lucas lucie lucien ludovic
luis lydie lynn madeleine mael manon manuel marc marcel marco margaret margaux maria marie marine marion
mark martha marthe martin martine mary mathieu mathilde mathis matthieu maud maurice maxime melanie melissa
michael michel michele michelle miguel mireille mohamed monique morgane nancy nathalie nathan nicolas nicole
nina noah noe noemie odette odile olga olivier oscar pascal pascale patrick paul paula paulette pauline
pedro peter philippe pierre quentin rachel raphael raymond regine remi renaud rene richard robert
roberto roger roland rolande romain rose roxane ruben sabine sabrina sacha salma samuel sandra sandrine sarah
sebastien serge simon simone solange sophie stefan stephane stephanie steve suzanne sylvain sylvie
thea theo theodore therese thierry thomas tim timothee tom valentin valerie vanessa veronique victor
victoria viktor vincent virginie wendy william xavier yann yannick yasmine yves yvette yvonne zoe
"""
FIRST_NAMES: Final = frozenset(_NAMES.split())


def key_of(name: str) -> str:
    """Return the form in which a name stands in the list: its first part, in small letters without accents."""
    first = unidecode(name).lower().replace("-", " ").split()
    return first[0] if first else ""
