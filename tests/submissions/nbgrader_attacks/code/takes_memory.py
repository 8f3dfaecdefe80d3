# Lost memory: as much as there is, touched.
import numpy as np

hoard = []
while True:
    hoard.append(np.ones(10_000_000))
