"""Given and family names common in the United States, of several origins; combined at random."""

from __future__ import annotations

import unicodedata

_FEMALE = """
    Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Sandra Ashley
    Emily Kimberly Margaret Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Sharon Laura
    Cynthia Amy Angela Kathleen Brenda Pamela Nicole Samantha Katherine Emma Ruth Christine Catherine
    Debra Rachel Carolyn Janet Virginia Maria Heather Diane Julie Joyce Victoria Kelly Christina Joan
    Evelyn Lauren Judith Olivia Martha Cheryl Megan Andrea Ann Alice Jean Doris Jacqueline Kathryn
    Hannah Julia Gloria Teresa Sara Janice Grace Rose Theresa Beverly Denise Marilyn Amber Danielle
    Brittany Diana Abigail Natalie Sophia Charlotte Isabella Ava Mia Amelia Harper Camila Valentina
    Lucía Guadalupe Ximena Renée Zoë Chloé Siobhán Aoife Ingrid Astrid Sinéad Mei Xiu Thảo Linh Ngọc
    Yuki Sakura Aiko Min-ji Soo-jin Priya Ananya Lakshmi Deepa Fatima Aisha Layla Noor Yasmin Leila
    Tamika Keisha Imani Ebony Nia Zuri Amara Ngozi Chiamaka Svetlana Olga Katarzyna Agnieszka Zuzana
    """
FEMALE = tuple(_FEMALE.split())

_MALE = """
    James Robert John Michael David William Richard Joseph Thomas Charles Christopher Daniel Matthew
    Anthony Mark Donald Steven Paul Andrew Joshua Kenneth Kevin Brian George Timothy Ronald Edward
    Jason Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin
    Samuel Gregory Alexander Frank Patrick Raymond Jack Dennis Jerry Tyler Aaron Jose Adam Nathan Henry
    Douglas Zachary Peter Kyle Ethan Walter Noah Jeremy Christian Keith Roger Terry Austin Sean Gerald
    Carl Harold Dylan Arthur Lawrence Jordan Jesse Bryan Billy Bruce Gabriel Joe Logan Alan Juan Albert
    Willie Elijah Wayne Randy Mason Vincent Liam Roy Bobby Caleb Bradley Russell Lucas José Jesús
    Ángel Andrés Óscar Iván Martín Sebastián Joaquín Rafael Eduardo Alejandro Björn Jürgen Sören André
    Seán Cian Declan Giovanni Luca Matteo Wei Jun Minh Đức Tuấn Khoa Hiroshi Kenji Takumi Ji-ho
    Seung-min Arjun Rohan Vikram Sanjay Imran Omar Yusuf Hassan Karim Jamal Darnell Malik Terrence
    Kwame Chinedu Emeka Sergei Dmitri Piotr Tomasz Wojciech
    """
MALE = tuple(_MALE.split())

# The first hundred or so are the most frequent; the order gives the weight.
_FAMILY = """
    Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez
    Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark
    Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams
    Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker
    Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper
    Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Chavez Wood James
    Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross Foster
    Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson Barnes Fisher Vasquez
    Simmons Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole
    Hayes Bryant Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro Marshall Owens
    Harrison Fernandez McDonald Woods Washington Kennedy Wells Vargas Henry Chen Freeman Webb Tucker
    Guzman Burns Crawford Olson Simpson Porter Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Munoz
    Hunt Hicks Holmes Palmer Wagner Black Robertson Boyd Rose Stone Salazar Fox Warren Mills Meyer Rice
    Schmidt Garza Daniels Ferguson Nichols Stephens Soto Weaver Ryan Gardner Payne Grant Dunn Kelley
    Spencer Hawkins Arnold Pierce Vazquez Hansen Peters Santos Hart Bradley Knight Elliott Cunningham
    Duncan Armstrong Hudson Carroll Lane Riley Andrews Alvarado Ray Delgado Berry Perkins Hoffman
    Johnston Matthews Pena Richards Contreras Willis Carpenter Lawrence Sandoval Guerrero George Chapman
    Rios Estrada Ortega Watkins Greene Nunez Wheeler Valdez Harper Burke Larson Santiago Maldonado
    Morrison Franklin Carlson Austin Dominguez Carr Lawson Jacobs O'Brien Lynch Singh Vega Bishop
    Montgomery Oliver Jensen Harvey Williamson Gilbert Dean Sims Espinoza Howell Li Wong Reid Hanson Le
    McCoy Garrett Burton Fuller Wang Weber Welch Rojas Lucas Marquez Fields Park Yang Little Banks
    Padilla Day Walsh Bowman Schultz Luna Fowler Mejia Davidson Acosta Brewer May Holland Juarez Newman
    Pearson Curtis Cortez Douglas Schneider Joseph Barrett Navarro Figueroa Keller Avila Wade Molina
    Stanley Hopkins Campos Barnett Bates Chambers Caldwell Beck Lambert Miranda Byrd Craig Ayala Lowe
    Frazier Powers Neal Leonard Gregory Carrillo Sutton Fleming Rhodes Shelton Schwartz Norris Jennings
    Rios-Vega Watts Duran Walters Cohen McDaniel Moran Parks Steele Vaughn Becker Holt DeLeon Barker
    Terry Hale Leon Hail Benson Haynes Horton Miles Lyons Pham Graves Bush Thornton Wolfe Warner Cabrera
    McKinney Mann Zimmerman Dawson Lara Fletcher Page McCarthy Love Robles Cervantes Solis Erickson
    Reeves Chang Klein Salinas Fuentes Baldwin Daniel Simon Velasquez Hardy Higgins Aguirre Lin Cummings
    Chandler Sharp Barber Bowen Ochoa Dennis Robbins Liu Ramsey Francis Griffith Paul Blair O'Connor
    Cardenas Pacheco Cross Calderon Quinn Moss Swanson Chan Rivas Khan Rodgers Serrano Fitzgerald Rosales
    Stevenson Christensen Manning Gill Curry McLaughlin Harmon McGee Gross Doyle Garner Newton Burgess
    Reese Walton Blake Trujillo Adkins Brady Goodman Roman Webster Goodwin Fischer Huang Potter Delacruz
    Montoya Todd Wu Hines Mullins Castaneda Malone Cannon Tate Mack Sherman Hubbard Hodges Zhang Guerra
    Wolf Valencia Saunders Franco Rowe Gallagher Farmer Hammond Hampton Townsend Ingram Wise Gallegos
    Clarke Barton Schroeder Maxwell Waters Logan Camacho Strickland Norman Person Colón Parsons Frank
    Harrington Glover Osborne Buchanan Casey Floyd Patton Ibarra Ball Tyler Suarez Bowers Orozco Salas
    Cobb Gibbs Andrade Bauer Conner Moody Escobar McGuire Lloyd Mueller Hartman French Kramer McBride
    Núñez Müller Nguyễn Peña Muñoz Ibáñez Gómez-Pérez Lefèvre Boudreaux Thibodeaux Schäfer Krüger Weiß
    Jörgensen Åkesson Lindström Østergaard Nowak Kowalski Wiśniewski Dvořák Horváth Petrović Ivanov
    Kuznetsov Papadopoulos Rossi Esposito D'Angelo O'Sullivan Ní-Bhriain Trần Phạm Đặng Tanaka
    Yamamoto Nakamura Choi Jung Iyer Reddy Chowdhury Rahman Haddad Nasser El-Sayed Okafor Adeyemi Mensah
    Diallo Abebe Tesfaye Begay Yazzie Kealoha Kahananui Tuiasosopo
    """
FAMILY = tuple(_FAMILY.split())

_STREETS = """
    Main Oak Maple Cedar Elm Pine Walnut Washington Lake Hill Park Sunset River Spring Church Highland
    Franklin Jefferson Lincoln Madison Jackson Chestnut Willow Meadow Forest Ridge Valley Cherry Dogwood
    Magnolia Orchard Prospect Union Broad Center Mill Liberty Hickory Sycamore Laurel Grove Summit
    Clearwater Harbor Fairview Pleasant Lakeview Birch Poplar Juniper Canyon Mesa Prairie Cypress Bayview
    """
STREETS = tuple(_STREETS.split())

STREET_KINDS = ("St", "Ave", "Rd", "Dr", "Ln", "Ct", "Blvd", "Way", "Pl", "Ter")

# (occupation, annual income bracket as core.customers.IncomeRange)
OCCUPATIONS = (
    ("Registered nurse", "50k-100k"),
    ("Teacher", "50k-100k"),
    ("Software developer", "100k-250k"),
    ("Accountant", "50k-100k"),
    ("Electrician", "50k-100k"),
    ("Plumber", "50k-100k"),
    ("Retail salesperson", "0-50k"),
    ("Truck driver", "50k-100k"),
    ("Office administrator", "0-50k"),
    ("Police officer", "50k-100k"),
    ("Physician", "250k+"),
    ("Dentist", "100k-250k"),
    ("Attorney", "100k-250k"),
    ("Carpenter", "0-50k"),
    ("Mechanical engineer", "100k-250k"),
    ("Civil engineer", "50k-100k"),
    ("Chef", "0-50k"),
    ("Restaurant owner", "50k-100k"),
    ("Farmer", "50k-100k"),
    ("Graphic designer", "50k-100k"),
    ("Marketing specialist", "50k-100k"),
    ("Financial analyst", "100k-250k"),
    ("Warehouse worker", "0-50k"),
    ("Mechanic", "0-50k"),
    ("Pharmacist", "100k-250k"),
    ("Physical therapist", "50k-100k"),
    ("Real estate agent", "50k-100k"),
    ("Construction manager", "100k-250k"),
    ("Human resources specialist", "50k-100k"),
    ("Customer service representative", "0-50k"),
    ("Business owner", "100k-250k"),
    ("Executive", "250k+"),
    ("Social worker", "50k-100k"),
    ("Firefighter", "50k-100k"),
    ("Student", "0-50k"),
    ("Retired", "0-50k"),
    ("Journalist", "50k-100k"),
    ("Data scientist", "100k-250k"),
    ("Home health aide", "0-50k"),
    ("Machinist", "50k-100k"),
    ("Construction worker", "0-50k"),
    ("Soldier", "50k-100k"),
)


_PLAIN = str.maketrans({"ø": "o", "Ø": "O", "ß": "ss", "đ": "d", "Đ": "D", "'": "", "-": ""})


def plain(name: str) -> str:
    """The name as it stands in an address: lower case, without accents and signs."""
    decomposed = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).lower()
