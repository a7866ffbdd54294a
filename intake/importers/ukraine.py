"""First-order divisions by the code that GeoNames gives them: id and name. GeoNames' own list is not in its
package of places; what it counts as part of a country is kept as it has it.
"""

from __future__ import annotations

from collections.abc import Mapping

REGIONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "UA": {
        "01": ("cherkasy-oblast", "Cherkasy oblast"),
        "02": ("chernihiv-oblast", "Chernihiv oblast"),
        "03": ("chernivtsi-oblast", "Chernivtsi oblast"),
        "04": ("dnipropetrovsk-oblast", "Dnipropetrovsk oblast"),
        "05": ("donetsk-oblast", "Donetsk oblast"),
        "06": ("ivano-frankivsk-oblast", "Ivano-Frankivsk oblast"),
        "07": ("kharkiv-oblast", "Kharkiv oblast"),
        "08": ("kherson-oblast", "Kherson oblast"),
        "09": ("khmelnytskyi-oblast", "Khmelnytskyi oblast"),
        "10": ("kirovohrad-oblast", "Kirovohrad oblast"),
        "11": ("crimea", "Crimea"),
        "12": ("kyiv-city", "City of Kyiv"),
        "13": ("kyiv-oblast", "Kyiv oblast"),
        "14": ("luhansk-oblast", "Luhansk oblast"),
        "15": ("lviv-oblast", "Lviv oblast"),
        "16": ("mykolaiv-oblast", "Mykolaiv oblast"),
        "17": ("odesa-oblast", "Odesa oblast"),
        "18": ("poltava-oblast", "Poltava oblast"),
        "19": ("rivne-oblast", "Rivne oblast"),
        "20": ("sevastopol-city", "City of Sevastopol"),
        "21": ("sumy-oblast", "Sumy oblast"),
        "22": ("ternopil-oblast", "Ternopil oblast"),
        "23": ("vinnytsia-oblast", "Vinnytsia oblast"),
        "24": ("volyn-oblast", "Volyn oblast"),
        "25": ("zakarpattia-oblast", "Zakarpattia oblast"),
        "26": ("zaporizhzhia-oblast", "Zaporizhzhia oblast"),
        "27": ("zhytomyr-oblast", "Zhytomyr oblast"),
    },
}
