"""Whether a picture is fit to be somebody's avatar: what is measured of it, held against limits.

`judging` is pure. Pictures are measured in another process, by `decoding`.
"""
