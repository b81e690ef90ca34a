import pipeline from '../pipeline.config.ts';
import { carry } from '../src/record/index.ts';

// The recorder's own code runs inside of the tests: it needs a pipeline, as its one file has it from the build.
carry(pipeline);
