"""What the company has said and heard, cut up so that it can be found again and quoted.

The way through this room, one module a step::

    documents -> chunks -> embeddings -> index -> search -> citations
                   (sentences and words serve all of them)

Three decisions shape it, and each has a reason:

* **This room never decides who may see what, and never stores what was said.** It is handed the ids a person
  may see and the lexical hits, and it asks for every passage again by id before it returns one. A stale or
  damaged index can therefore lose a hit, but it cannot leak one.
* **The vector index is disposable.** It keeps ids, vectors and hashed labels, no text: what is deleted from Chroma
  lingers in its queue table, and customer words must not. Every vector is also stored beside its chunk in the
  relational store, so the index can be dropped, rebuilt or bypassed without embedding anything again. `search`
  answers exactly, only more slowly, when there is no index at all.
* **How much is permitted picks the way to search it.** Filtering inside a graph is slow and loses recall when few rows
  pass. So beside Chroma's graph lies a memory-mapped matrix of the same vectors (`flat_index`): up to a million of them
  are compared exactly there, and the graph is asked, for more than needed, where more than that is permitted.
* **The kind of question picks the mixture** of meaning and wording (`fusion`); what repeats is folded, and what a mail
  quotes gives way to the mail itself (`ranking`).

Nothing heavy is imported here: take what you need from the modules themselves.
"""
