"""Frame → chart: Vega-Lite specifications made by Altair once, filled with rows on each run.

Building a chart costs Altair about 15 ms; filling a prepared one costs nothing. So a maker takes no
data, and :func:`look.filled` puts the rows in. One module a subject.
"""
