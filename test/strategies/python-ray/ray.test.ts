import { pythonRay } from '../../../src/strategies/python/ray';
import { describeNotes, describeRefused, describeTexts, REFUSED } from '../python-dask/cluster-suite';
import { LOOPS } from '../python-dask/loops';

describeTexts({ strategy: pythonRay, folder: __dirname, loops: LOOPS });
describeRefused(pythonRay, REFUSED);
describeNotes(pythonRay);
