"""Words that the fictional company and its fictional customers are made of.

Names are the most ordinary ones, towns and postcodes are real, and nobody who bears one lives at the other: people,
companies and addresses are drawn by lot, every address of the internet ends in `.example` (RFC 2606), telephone numbers
lie in the ranges that Arcep keeps for fiction, company numbers begin with three zeros, which INSEE never gave.
"""

from typing import Final

FAMILY_NAMES: Final = (
    "Martin", "Bernard", "Thomas", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau", "Laurent", "Simon",
    "Michel", "Lefèvre", "Leroy", "Roux", "David", "Bertrand", "Morel", "Fournier", "Girard", "Bonnet", "Dupont",
    "Lambert", "Fontaine", "Rousseau", "Vincent", "Muller", "Faure", "André", "Mercier", "Blanc", "Guérin", "Boyer",
    "Garnier", "Chevalier", "François", "Legrand", "Gauthier", "Garcia", "Perrin", "Robin", "Clément", "Morin",
    "Nicolas", "Henry", "Roussel", "Mathieu", "Gautier", "Masson", "Marchand", "Duval", "Denis", "Dumont", "Marie",
    "Lemaire", "Noël", "Meyer", "Dufour", "Meunier", "Brun", "Blanchard", "Giraud", "Joly", "Rivière", "Lucas",
    "Brunet", "Gaillard", "Barbier", "Arnaud", "Martinez", "Gérard", "Roche", "Renard", "Schmitt", "Roy", "Le Roux",
    "Colin", "Vidal", "Caron", "Picard", "Roger", "Fabre", "Aubert", "Lemoine", "Renaud", "Dumas", "Lacroix",
    "Olivier", "Philippe", "Bourgeois", "Pierre", "Benoît", "Rey", "Leclerc", "Payet", "Rolland", "Leclercq",
    "Guillaume", "Lecomte", "Lopez", "Jean", "Dupuy", "Guillot", "Hubert", "Berger", "Carpentier", "Sanchez",
    "Dupuis", "Moulin", "Louis", "Deschamps", "Huet", "Vasseur", "Perez", "Boucher", "Fleury", "Royer", "Klein",
    "Jacquet", "Adam", "Paris", "Poirier", "Marty", "Aubry", "Guyot", "Carré", "Charles", "Renault", "Charpentier",
    "Ménard", "Maillard", "Baron", "Bertin", "Bailly", "Hervé", "Schneider", "Fernandez", "Le Gall", "Collet",
    "Léger", "Bouvier", "Julien", "Prévost", "Millet", "Perrot", "Daniel", "Le Goff", "Cousin", "Germain", "Breton",
    "Besson", "Langlois", "Rémy", "Pelletier", "Lévêque", "Nguyen", "Da Silva", "Benali", "Traoré", "Diallo",
    "Haddad", "Kowalski", "Rossi", "Ferreira", "Ben Saïd", "O'Brien", "D'Angelo",
)  # fmt: skip
WOMEN: Final = (
    "Marie", "Nathalie", "Isabelle", "Catherine", "Sylvie", "Françoise", "Valérie", "Christine", "Monique", "Sophie",
    "Martine", "Sandrine", "Céline", "Stéphanie", "Anne", "Julie", "Aurélie", "Émilie", "Camille", "Léa", "Manon",
    "Chloé", "Emma", "Inès", "Jade", "Louise", "Alice", "Lina", "Rose", "Anna", "Mila", "Zoé", "Juliette", "Agathe",
    "Clara", "Lucie", "Hélène", "Brigitte", "Véronique", "Claire", "Élodie", "Mélanie", "Fatima", "Aïcha", "Nadia",
    "Thérèse", "Anne-Marie", "Marie-Claude", "Océane", "Pauline", "Margaux", "Victoire",
)  # fmt: skip
MEN: Final = (
    "Jean", "Pierre", "Michel", "Philippe", "Alain", "Nicolas", "Patrick", "Christophe", "Laurent", "Frédéric",
    "Julien", "Éric", "Stéphane", "David", "Thomas", "Sébastien", "Olivier", "Bruno", "Antoine", "Alexandre", "Lucas",
    "Hugo", "Louis", "Gabriel", "Arthur", "Jules", "Raphaël", "Adam", "Léo", "Nathan", "Paul", "Maël", "Ethan",
    "Noah", "Mohamed", "Karim", "Ahmed", "Jean-Pierre", "Jean-Luc", "François", "René", "André", "Marcel", "Gérard",
    "Yves", "Loïc", "Yann", "Benoît", "Guillaume", "Mathieu", "Clément", "Théo",
)  # fmt: skip
STREETS: Final = (
    "rue de la République", "rue Victor-Hugo", "avenue Jean-Jaurès", "rue Pasteur", "place de la Mairie",
    "rue des Écoles", "rue du Moulin", "rue de l’Église", "chemin des Vignes", "boulevard Gambetta",
    "rue des Lilas", "allée des Tilleuls", "rue du Général-de-Gaulle", "impasse des Roses", "rue Molière",
    "avenue de la Gare", "rue Jules-Ferry", "rue des Acacias", "quai de la Loire", "rue Saint-Martin",
    "rue du Stade", "rue de la Fontaine", "cours Lafayette", "rue Émile-Zola", "route de Paris",
)  # fmt: skip
# Towns with a postcode and the number of people who live there, in thousands: large towns are drawn more often.
TOWNS: Final = (
    ("75011", "Paris", 140), ("75015", "Paris", 230), ("75020", "Paris", 190), ("69003", "Lyon", 105),
    ("69007", "Lyon", 85), ("13001", "Marseille", 40), ("13008", "Marseille", 80), ("31000", "Toulouse", 200),
    ("06000", "Nice", 180), ("44000", "Nantes", 180), ("34000", "Montpellier", 180), ("67000", "Strasbourg", 160),
    ("33000", "Bordeaux", 150), ("59000", "Lille", 140), ("35000", "Rennes", 140), ("51100", "Reims", 120),
    ("83000", "Toulon", 110), ("42000", "Saint-Étienne", 110), ("76600", "Le Havre", 105), ("38000", "Grenoble", 100),
    ("21000", "Dijon", 100), ("49000", "Angers", 100), ("30000", "Nîmes", 95), ("63000", "Clermont-Ferrand", 95),
    ("13100", "Aix-en-Provence", 90), ("29200", "Brest", 90), ("87000", "Limoges", 85), ("37000", "Tours", 85),
    ("80000", "Amiens", 85), ("66000", "Perpignan", 80), ("57000", "Metz", 80), ("25000", "Besançon", 75),
    ("45000", "Orléans", 75), ("76000", "Rouen", 75), ("68100", "Mulhouse", 70), ("14000", "Caen", 70),
    ("54000", "Nancy", 70), ("64000", "Pau", 50), ("17000", "La Rochelle", 50), ("86000", "Poitiers", 60),
    ("20000", "Ajaccio", 45), ("20200", "Bastia", 30), ("97400", "Saint-Denis", 100),
    ("97200", "Fort-de-France", 50), ("15000", "Aurillac", 20), ("48000", "Mende", 10), ("05000", "Gap", 30),
    ("09000", "Foix", 8), ("23000", "Guéret", 10),
)  # fmt: skip
PROFESSIONS: Final = (
    "enseignante", "infirmier", "ingénieure", "comptable", "commerçant", "technicien", "cadre administrative",
    "artisan", "retraité", "étudiante", "agriculteur", "médecin", "avocate", "architecte", "vendeur", "ouvrier",
    "secrétaire", "chauffeur", "cuisinière", "informaticien", "aide-soignante", "fonctionnaire", "sans profession",
)  # fmt: skip
INTERESTS: Final = (
    "luminaires design", "éclairage extérieur", "domotique", "lampes vintage", "ampoules basse consommation",
    "décoration scandinave", "jardin", "cuisine", "lecture", "bricolage",
)  # fmt: skip
SHOPS: Final = ("Lyon Part-Dieu", "Paris Nation", "Nantes Commerce", "Lille Flandres", "Bordeaux Lac", "Metz Centre")

COMPANY_FIRST: Final = (
    "Atelier", "Hôtel", "Restaurant", "Cabinet", "Menuiserie", "Garage", "Boulangerie", "Clinique", "Agence",
    "Librairie", "Pharmacie", "Imprimerie", "Domaine", "Studio", "Électricité", "Résidence", "Maison", "Groupe",
)  # fmt: skip
COMPANY_SECOND: Final = (
    "du Parc", "des Remparts", "Beaurivage", "de l’Horloge", "Saint-Roch", "du Levant", "des Trois Ponts", "Bellecour",
    "du Canal", "des Tanneurs", "Montplaisir", "de la Source", "du Marché", "Grand Large", "des Arcades", "Belle-Île",
    "du Vieux Port", "des Cimes",
)  # fmt: skip
# Legal form with its usual capital in euros, and how many of a hundred companies have it.
LEGAL_FORMS: Final = (("SARL", 8000, 45), ("SAS", 15000, 35), ("SA", 150000, 5), ("SNC", 3000, 5), ("SCOP", 20000, 10))
# APE code of NAF rev. 2.
ACTIVITIES: Final = ("47.59A", "55.10Z", "56.10A", "43.21A", "71.11Z", "86.21Z", "47.61Z", "68.20A", "10.71C", "45.20A")
FUNCTIONS: Final = (
    ("gérante", "direction", "decides"), ("directeur général", "direction", "decides"),
    ("responsable des achats", "achats", "prescribes"), ("acheteuse", "achats", "prescribes"),
    ("chef de chantier", "travaux", "uses"), ("responsable technique", "technique", "uses"),
    ("comptable", "comptabilité", "pays"), ("directrice financière", "finances", "pays"),
)  # fmt: skip

# Range, brand, kind of product, price of the first model in cents.
RANGES: Final = (
    ("Salon", "Lumen", "Lampadaire", 12900), ("Bureau", "Lumen", "Lampe de bureau", 4900),
    ("Cuisine", "Clarté", "Suspension", 8900), ("Chambre", "Clarté", "Lampe de chevet", 3500),
    ("Extérieur", "Belvédère", "Applique extérieure", 6900), ("Domotique", "Fanal", "Pont connecté", 9900),
    ("Ampoules", "Fanal", "Ampoule LED", 790), ("Salle de bains", "Belvédère", "Miroir éclairant", 15900),
)  # fmt: skip
MODELS: Final = ("Aube", "Brise", "Comète", "Dune", "Éclat")
# Years after which each range is usually replaced.
LIFETIME_YEARS: Final = 6

# What people call and write about: nature, subject, note.
EXCHANGES: Final = (
    ("call", "Délai de livraison", "Souhaite connaître la date de livraison de sa commande."),
    ("call", "Conseil avant achat", "Hésite entre deux modèles pour un salon de 25 m²."),
    ("call", "Facture", "Demande un double de facture."),
    ("message", "Changement d’adresse", "A déménagé, met à jour ses coordonnées."),
    ("message", "Retour d’un article", "L’article ne convient pas, demande comment le renvoyer."),
    ("message", "Disponibilité", "Demande quand le modèle Comète sera de nouveau en stock."),
    ("complaint", "Article endommagé", "Abat-jour fendu à la réception, photo jointe au dossier."),
    ("complaint", "Commande incomplète", "Il manque une ampoule dans le colis."),
    ("complaint", "Double prélèvement", "Deux débits pour la même commande, remboursement demandé."),
    ("visit", "Visite du magasin", "Venue voir la gamme Extérieur, repartie avec le catalogue."),
    ("visit", "Retrait en magasin", "A retiré sa commande, satisfaite."),
    ("mailing", "Catalogue de saison", "Catalogue envoyé."),
    ("mailing", "Invitation", "Invitation aux portes ouvertes envoyée."),
    ("fair", "Salon de l’habitat", "Rencontré sur le stand, intéressé par la domotique."),
)  # fmt: skip
