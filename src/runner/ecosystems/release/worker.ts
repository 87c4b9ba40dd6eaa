import { parentPort, workerData } from 'node:worker_threads'
import { jarRelease } from '../maven/release/index.ts'
import { npmRelease } from '../npm/release/index.ts'
import type { ReadingJob } from './reader.ts'

const { kind, from, to } = workerData as ReadingJob
const read = kind === 'npm' ? npmRelease : jarRelease
parentPort?.postMessage(await read(from, to))
