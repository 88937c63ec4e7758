"""Power cuts, replayed: what the program really wrote is recorded, and cut anywhere.

`kernel`, `tracer` and `recorder` watch a command and all it starts, and write down what the system did to files, in
its order. `replay` makes of it what a disk may hold after a cut. `checks` says what must hold then, `scenarios` what
is recorded, `mutations` what is taken away so that the checks have something to find, and `campaign` does it all.
"""
