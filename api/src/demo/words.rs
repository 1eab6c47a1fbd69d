//! Made-up people, companies and places. Telephone numbers are from the ranges that the regulators
//! set aside for fiction; addresses end in `.example` (RFC 2606).

/// Given names.
pub const FIRST: [&str; 56] = [
    "Ada", "Agnes", "Aisling", "Amelie", "Anders", "Anton", "Astrid", "Beatrix", "Bruno", "Camille",
    "Ciara", "Clara", "Conor", "Daniel", "Ebba", "Eleni", "Elias", "Emil", "Esther", "Felix",
    "Fiona", "Freya", "Gabriel", "Greta", "Hanna", "Henrik", "Ida", "Isabel", "Jakob", "Jonas",
    "Judith", "Karim", "Katja", "Lena", "Leon", "Linnea", "Louise", "Lukas", "Maeve", "Malik",
    "Marion", "Mathis", "Mira", "Nadia", "Niamh", "Noor", "Oskar", "Paula", "Priya", "Raphael",
    "Rosa", "Samuel", "Selma", "Theo", "Vera", "Yusuf",
];

/// Family names.
pub const LAST: [&str; 60] = [
    "Ahlberg", "Albrecht", "Almeida", "Baptiste", "Barrett", "Beaumont", "Bergström", "Brandt",
    "Brennan", "Caron", "Clarke", "Delacroix", "Doyle", "Dubois", "Eklund", "Engel", "Farrell",
    "Fischer", "Fontaine", "Forsberg", "Gallagher", "Garnier", "Haas", "Hallström", "Hartley",
    "Hennessy", "Holm", "Iqbal", "Jansson", "Kaplan", "Keller", "Kowalski", "Lambert", "Lindgren",
    "Lorenz", "Marchand", "Mayfield", "Mercier", "Moreau", "Nilsson", "Norling", "Okafor", "Osei",
    "Petit", "Quinn", "Rahman", "Reuter", "Rousseau", "Sandberg", "Schreiber", "Sharma", "Sinclair",
    "Söderlund", "Thorne", "Vogel", "Wallin", "Walsh", "Weiss", "Whitaker", "Zimmer",
];

/// A place: city, country, postal code, and the start of a fictional telephone number with the
/// number of digits to fill in.
pub const PLACES: [(&str, &str, &str, &str, u32); 14] = [
    ("Berlin", "Germany", "10115", "+493023125", 3),
    ("Hamburg", "Germany", "20095", "+494066969", 3),
    ("Munich", "Germany", "80331", "+498999998", 3),
    ("Cologne", "Germany", "50667", "+492214710", 3),
    ("London", "United Kingdom", "EC1A 1BB", "+442079460", 3),
    ("Leeds", "United Kingdom", "LS1 4AP", "+441134960", 3),
    ("Bristol", "United Kingdom", "BS1 5TR", "+44117496", 4),
    ("Edinburgh", "United Kingdom", "EH1 1YZ", "+44131496", 4),
    ("Paris", "France", "75002", "+331990", 5),
    ("Lyon", "France", "69002", "+334653", 5),
    ("Marseille", "France", "13001", "+334653", 5),
    ("Dublin", "Ireland", "D02 AF30", "+3532091", 5),
    ("Stockholm", "Sweden", "111 20", "+468465004", 2),
    ("Göteborg", "Sweden", "411 03", "+46313900", 3),
];

/// Streets.
pub const STREETS: [&str; 12] = [
    "Harbour Road", "Mill Lane", "Station Square", "Garden Street", "Old Market", "Bridge Street",
    "Linden Avenue", "Church Row", "Canal Side", "North Parade", "Orchard Way", "Foundry Yard",
];

/// First halves of company names.
pub const COMPANY_HEADS: [&str; 36] = [
    "Aldermoor", "Amberfield", "Baltic", "Birchwood", "Blauwerk", "Brightwater", "Calder", "Cobalt",
    "Copperline", "Dunmore", "Eastgate", "Elbtal", "Fairhaven", "Ferngrove", "Granite", "Greyfriars",
    "Halden", "Helios", "Ironbridge", "Juniper", "Kestrel", "Kupferhof", "Larkspur", "Lumen",
    "Meridian", "Northwind", "Oakline", "Pinewood", "Quayside", "Redcliff", "Rhône", "Silverbirch",
    "Tidewater", "Umbra", "Vasa", "Westmark",
];

/// Second halves, each with the industry (its key) that it belongs to.
pub const COMPANY_TAILS: [(&str, &str); 20] = [
    ("Logistics", "transport"),
    ("Freight", "transport"),
    ("Software", "technology"),
    ("Systems", "technology"),
    ("Analytics", "technology"),
    ("Clinics", "health"),
    ("Care", "health"),
    ("Estates", "real_estate"),
    ("Living", "real_estate"),
    ("Foods", "retail"),
    ("Outfitters", "retail"),
    ("Capital", "finance"),
    ("Insurance", "finance"),
    ("Academy", "education"),
    ("Publishing", "media"),
    ("Hotels", "hospitality"),
    ("Builders", "construction"),
    ("Machinery", "manufacturing"),
    ("Ceramics", "manufacturing"),
    ("Farms", "agriculture"),
];

/// Titles with the departments that they are in.
pub const TITLES: [(&str, &str); 16] = [
    ("Managing Director", "Management"),
    ("Chief Operating Officer", "Management"),
    ("Head of Procurement", "Procurement"),
    ("Purchasing Manager", "Procurement"),
    ("IT Director", "IT"),
    ("Systems Architect", "IT"),
    ("Head of Finance", "Finance"),
    ("Controller", "Finance"),
    ("Head of Marketing", "Marketing"),
    ("Brand Manager", "Marketing"),
    ("Operations Manager", "Operations"),
    ("Plant Manager", "Operations"),
    ("Head of People", "Human resources"),
    ("Project Lead", "Projects"),
    ("Customer Service Lead", "Service"),
    ("Quality Manager", "Operations"),
];

/// Notes that people keep with a change of status.
pub const STATUS_NOTES: [&str; 10] = [
    "Asked for an offer on the phone.",
    "Met at the spring fair; wants a second appointment.",
    "Signed the framework agreement.",
    "Budget approved for next quarter.",
    "Introduced by a present customer.",
    "Wants to start with a small pilot.",
    "Came back after last year's no.",
    "Decision postponed until the board has met.",
    "Offer accepted by e-mail.",
    "Needs a reference from the same industry.",
];

/// Remarks.
pub const REMARKS: [&str; 10] = [
    "Prefers to be called before noon.",
    "Speaks English and German.",
    "Send documents by post as well.",
    "On leave every August.",
    "Reads e-mail in the evening only.",
    "Ask about the new warehouse.",
    "Knows our team from an earlier project.",
    "Please no calls on Fridays.",
    "Decides together with the finance department.",
    "Interested in training for two teams.",
];

/// Why records were deleted.
pub const DELETE_REASONS: [&str; 4] = [
    "Entered twice.",
    "Left the company, no successor yet.",
    "Wrong number, nobody of that name there.",
    "Asked not to be kept.",
];

/// Tags that the team made up over time.
pub const TAGS: [&str; 8] = [
    "vip client", "newsletter", "spring fair", "pilot", "reference", "renewal due", "partner lead",
    "invited to summit",
];
