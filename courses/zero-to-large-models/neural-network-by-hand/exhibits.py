from lyceum import exhibit


@exhibit.show
def hidden_units():
    title = ("每个隐藏单元看重哪些像素", "Which pixels each hidden unit looks at")
    exhibit.filters(title, parameters[0].reshape(-1, 1, 8, 8))
