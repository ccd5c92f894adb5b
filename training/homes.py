#!/usr/bin/env python3
"""Writes src/analyze/data/homes.txt: for each country its towns, parts and peoples, as far as their names tell the country.

    homes.py GAZETTEERS

GAZETTEERS is a folder with cities15000_geonames_ccby.tsv.gz and admin1_geonames_ccby.tsv.gz (GeoNames, CC BY 4.0),
countries_codes_pddl.tsv.gz and countries_factbook_cc0.tsv.gz (The World Factbook). Towns are those of cities.txt; of several
with one name, the largest counts, unless another one has a third of its people.
"""
import gzip, pathlib, re, sys

DATA = pathlib.Path(__file__).resolve().parent.parent / "src/analyze/data"
GAZETTEERS = pathlib.Path(sys.argv[1])
# Names of countries that the lists spell in other ways than countries.txt.
SPELLED = {"CD": "DRC", "CI": "Côte d'Ivoire", "MM": "Myanmar", "CZ": "Czechia", "DO": "Dominican Republic", "PS": "Palestine", "VA": "Vatican City",
           "CV": "Cabo Verde", "SZ": "Eswatini", "MK": "North Macedonia", "TL": "Timor-Leste", "HK": "Hong Kong", "MO": "Macau", "KP": "North Korea",
           "KR": "South Korea", "RU": "Russia", "SY": "Syria", "VN": "Vietnam", "LA": "Laos", "TR": "Turkey", "BA": "Bosnia and Herzegovina",
           "CG": "Republic of the Congo", "GM": "The Gambia", "BS": "The Bahamas", "ST": "Sao Tome and Principe", "CW": "Curacao"}
# Parts of countries, and towns that the lists spell in other ways or that several countries have.
PARTS = {"Afghanistan": "Helmand, Herat, Kandahar", "Australia": "New South Wales, Queensland, Tasmania", "Cameroon": "Yaounde",
         "Canada": "Montreal", "China": "Xinjiang", "Egypt": "Sinai", "Ethiopia": "Tigray", "Germany": "Bavaria, Cologne, Frankfurt",
         "Iceland": "Reykjavik", "India": "Gujarat, Kerala, Tamil Nadu", "Iran": "Khuzestan, Natanz", "Iraq": "Anbar, Basra, Fallujah",
         "Maldives": "Malé", "Mongolia": "Ulaanbaatar", "Myanmar": "Rangoon", "Pakistan": "Balochistan, Sindh",
         "Palestine": "Gaza, Gaza City, Gaza Strip, Jenin, Khan Younis, Rafah, West Bank", "Poland": "Krakow",
         "Russia": "Chechnya, Siberia", "Saudi Arabia": "Mecca", "Somalia": "Puntland", "Spain": "Catalonia", "Sudan": "Darfur",
         "Switzerland": "Davos", "Ukraine": "Chernobyl, Crimea, Donbas",
         "United Kingdom": "Birmingham, Cambridge, England, London, Manchester, Northern Ireland, Scotland, Wales", "Yemen": "Hodeidah"}
# Peoples that the lists give to several countries, or to none.
PEOPLES = {"American": "United States", "British": "United Kingdom", "Briton": "United Kingdom", "English": "United Kingdom", "Scottish": "United Kingdom",
           "Welsh": "United Kingdom", "Chinese": "China", "French": "France", "Dutch": "Netherlands", "Danish": "Denmark", "Norwegian": "Norway",
           "Indian": "India", "North Korean": "North Korea", "South Korean": "South Korea", "Irish": "Ireland", "Palestinian": "Palestine",
           "Soviet": "Soviet Union", "Afghan": "Afghanistan", "Argentine": "Argentina", "Argentinian": "Argentina", "Filipino": "Philippines",
           "Philippine": "Philippines", "Saudi": "Saudi Arabia", "Emirati": "United Arab Emirates", "Turk": "Turkey", "Turkish": "Turkey",
           "Spaniard": "Spain", "Spanish": "Spain", "Swede": "Sweden", "Swedish": "Sweden", "Dane": "Denmark", "Finn": "Finland", "Finnish": "Finland",
           "Pole": "Poland", "Polish": "Poland", "Serb": "Serbia", "Serbian": "Serbia", "Croat": "Croatia", "Iraqi": "Iraq", "Israeli": "Israel",
           "Swiss": "Switzerland", "Czech": "Czechia", "Greek": "Greece", "Thai": "Thailand", "New Zealander": "New Zealand", "Nigerian": "Nigeria"}
NOWHERE = {"Congolese", "Guinean", "Korean", "Dominican", "Samoan", "Georgia", "Congo", "Malian", "Virgin Islander", "Channel Islander", "none"}


def rows(name):
    with gzip.open(GAZETTEERS / f"{name}.tsv.gz", "rt", encoding="utf-8") as lines:
        head = next(lines).rstrip("\n").split("\t")
        return [dict(zip(head, line.rstrip("\n").split("\t"))) for line in lines]


def names(file):
    return [line.split("\t") for line in (DATA / file).read_text(encoding="utf-8").splitlines()]


def main():
    countries = {name: line[0] for line in names("countries.txt") for name in line}
    of_code = {}
    for row in rows("countries_codes_pddl"):
        spelled = [SPELLED.get(row["ISO3166-1-Alpha-2"]), row["CLDR display name"], row["UNTERM English Short"], row["official_name_en"]]
        found = next((countries[name] for name in spelled if name in countries), None)
        if found:
            of_code[row["ISO3166-1-Alpha-2"]] = found
    homes = {}

    def add(country, name):
        if country and country != name and name not in countries and name not in NOWHERE:
            homes.setdefault(name, country)

    for country, parts in PARTS.items():
        for name in parts.split(", "):
            add(country, name)
    for name, country in PEOPLES.items():
        add(country, name)
    for row in rows("admin1_geonames_ccby"):
        # The states of these are named without their country.
        if row["code"][:2] in ("US", "CA"):
            add(of_code[row["code"][:2]], row["name"])
    people = {}
    for row in rows("cities15000_geonames_ccby"):
        country = of_code.get(row["cc"])
        by_country = people.setdefault(row["name"], {})
        by_country[country] = max(by_country.get(country, 0), int(row["population"]))
    for name in (line[0] for line in names("cities.txt")):
        ranked = sorted(people.get(name, {}).items(), key=lambda it: -it[1])
        if ranked and (len(ranked) == 1 or ranked[1][1] * 3 < ranked[0][1]):
            add(ranked[0][0], name)
    seen = {}
    for row in rows("countries_factbook_cc0"):
        for text in (row["nationality_adj"], row["nationality_noun"]):
            for word in re.split(r",|;|/| or ", re.sub(r"\((?!s\)).*?\)", "", text).replace("(s)", "")):
                word = word.strip()
                if re.fullmatch(r"[A-Z][\w' -]+", word) and countries.get(row["name"]):
                    seen.setdefault(word, set()).add(countries[row["name"]])
    for word, of in sorted(seen.items()):
        if len(of) == 1:
            add(min(of), word)
    # Those of a people, unless the word is the same or ends like none.
    for word in [*seen, *PEOPLES]:
        if word in homes and not re.search(r"(s|sh|ch|se|x|chm[ae]n|wom[ae]n)$", word):
            add(homes[word], word + "s")
    by_country = {}
    for name, country in homes.items():
        by_country.setdefault(country, set()).add(name)
    lines = ["\t".join([country, *sorted(by_country[country])]) for country in sorted(by_country)]
    (DATA / "homes.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(homes), "names of", len(lines), "countries")


main()
