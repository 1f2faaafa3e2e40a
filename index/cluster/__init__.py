"""A build that is spread over the machines of a Ray cluster; `depeche[ray]` brings Ray along.

    connect   reach a cluster, or start one of this machine's cores
    actor     what runs on each core: takes a task and items, returns what it made of them
    pool      the workers there are, those that start, and what becomes of those that die
    pulse     whether the cluster is still there
    rounds    one task and all its items: what is sent to whom, and sent again

What is read, cut and found is the same as in a build of one process, for every worker must have
this very code and packages; so are the vectors where the processors multiply alike. The files of
the corpus are opened here and sent as bytes: the machines need not share a disk.
"""

from index.cluster.crew import hire as hire
