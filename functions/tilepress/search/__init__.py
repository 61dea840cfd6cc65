"""Full-text search without a server: pages → what is to be found of them → files that a script in the browser reads. Pure.

```
page's HTML, its record in the ledger ─▶ extracts   what search knows of a page: its words by weight, and how a result shows it
                     all extracts     ─▶ index      files below `_search/`, of which an answer takes a few
```

`words` says what a word is. Its twin in the browser is `templates/assets/search.js`; a test holds them together.
"""
