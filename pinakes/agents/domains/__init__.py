"""Fields of work as data: one TOML file each, which guides plans, answers, looks at pictures, and searches.

To add one, write `<name>.toml` beside these, or in the folder that `Settings.domains_folder` names; a file there with
a shipped name replaces it. All fields but `title` may be left out:

```toml
title = "Archaeology"
description = "Excavations and finds."
terms = { "locus" = "the smallest unit of an excavation" }
units = ["Depths are in metres below the site's datum."]
synonyms = [["sherd", "potsherd", "pottery fragment"]]

[guidance]
plan = ["A find's context is in the trench notebook: search documents beside pictures."]
write = ["Name locus and trench with every find."]
look = ["Say what material it is of, and whether it is whole."]
```
"""
