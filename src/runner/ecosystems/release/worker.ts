import { parentPort, workerData } from 'node:worker_threads'
import { npmRelease } from '../npm/release/index.ts'
import type { ReadingJob } from './reader.ts'

const { from, to } = workerData as ReadingJob
parentPort?.postMessage(await npmRelease(from, to))
