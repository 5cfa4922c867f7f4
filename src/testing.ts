// The door for those who write a store or a carrier, or test against the real core: contract suites without a
// test framework, a loopback whose wires the test holds, a clock that stands still.

export {
  type AttachmentStoreUnderTest,
  attachmentStoreContract,
} from './testing/contracts/attachmentStoreContract'
export type { ContractCase } from './testing/contracts/contractCase'
export { type SearchContractSetup, searchContract } from './testing/contracts/searchContract'
export { type StoreUnderTest, storeContract } from './testing/contracts/storeContract'
export { type TransportUnderTest, transportContract } from './testing/contracts/transportContract'
export { createLoopback, type Loopback, type LoopbackLine, type LoopbackOptions } from './testing/loopback'
export { createManualClock, type ManualClock } from './testing/manualClock'
export type { Faults, Wire } from './testing/wire'
