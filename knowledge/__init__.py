"""What the company has said and heard, cut up so that it can be found again and quoted.

The way through this room, one module a step::

    documents -> chunks -> embeddings -> index -> search -> citations
                   (sentences and words serve all of them)

Three decisions shape it, and each has a reason:

* **This room never decides who may see what, and never stores what was said.** It is handed the ids a person
  may see and the lexical hits, and it asks for every passage again by id before it returns one. A stale or
  damaged index can therefore lose a hit, but it cannot leak one.
* **The vector index is disposable.** Chroma keeps ids, vectors and coarse labels, no text: what is deleted
  from Chroma lingers in its queue table, and customer words must not. Every vector is also stored beside its
  chunk in the relational store, so the index can be dropped, rebuilt or bypassed without embedding anything
  again. `search` answers exactly, only more slowly, when there is no index at all.
* **The number of permitted chunks picks the way to search them.** Filtering inside the vector index is slow
  and loses recall when few rows pass; reading a few hundred stored vectors is fast and exact. So small sets
  are scanned, middling ones are passed by id, and broad ones are over-fetched and filtered afterwards.

Nothing heavy is imported here: take what you need from the modules themselves.
"""
