import { pythonDask } from '../../../src/strategies/python/dask';
import { describeNotes, describeRefused, describeTexts, REFUSED } from '../python-dask/cluster-suite';
import { LOOPS } from '../python-dask/loops';

describeTexts({ strategy: pythonDask, folder: __dirname, loops: LOOPS });
describeRefused(pythonDask, REFUSED);
describeNotes(pythonDask);
