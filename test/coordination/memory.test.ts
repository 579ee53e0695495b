import { createMemoryCoordination } from '../../src/coordination/memory.ts';
import { describeCoordination } from '../contracts/coordination.contract.ts';

describeCoordination('memory', async () => createMemoryCoordination());
