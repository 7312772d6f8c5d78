"""The words that stand in class lists, in the four languages, as teachers write them."""

RELATION_WORDS = {
    "mother": "mother, mum, mom, мать, мама, ана, анасы, шеше, мати",
    "father": "father, dad, отец, папа, әке, әкесі, батько, тато",
    "guardian": "guardian, опекун, опекунша, попечитель, законный представитель, қамқоршы, "
    "қорғаншы, заңды өкіл, опікун, опікунка, піклувальник, законний представник",
}
ANSWER_WORDS = {
    True: "yes, y, given, consent, +, ✓, да, дано, согласен, согласна, согласие, иә, ия, берілді, "
    "келісемін, так, надано, згоден, згодна, згода",
    False: "no, n, refused, -, –, —, −, нет, отказ, не согласен, не согласна, жоқ, жок, "
    "бас тартты, келіспеймін, ні, нi, відмова, не згоден, не згодна",
}

RELATIONS_BY_WORD = {
    word: name for name, several in RELATION_WORDS.items() for word in several.split(", ")
}
ANSWERS_BY_WORD = {
    word: given for given, several in ANSWER_WORDS.items() for word in several.split(", ")
}
