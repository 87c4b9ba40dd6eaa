import { readFileSync } from 'node:fs'
import { SaxesParser } from 'saxes'
import type { ResultLine } from '../../src/contract/resultLine.ts'
import { type ReportFile, sourceOf } from './reports.ts'

const maxMessage = 2_000
const messageLines = 20

interface Case {
  readonly name: string
  readonly className: string
  readonly seconds: number
  outcome: ResultLine['outcome']
  message: string
  /** By the type of what was thrown. */
  asserts?: boolean
}

/** One line a test of a `TEST-*.xml`; what is not well-formed counts as far as it could be read. */
export function readReport({ path, module }: ReportFile): ResultLine[] {
  const cases: Case[] = []
  try {
    parseReport(readFileSync(path, 'utf8'), (one) => cases.push(one))
  } catch {
    // A fork that crashed leaves half a report.
  }
  return cases.map((one) => lineOf(one, module))
}

/** Reads JUnit's XML as surefire writes it; entities other than XML's own five are an error. */
export function parseReport(text: string, found: (one: Case) => void): void {
  const parser = new SaxesParser()
  let current: Case | undefined
  let inFailure = false
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'testcase') {
      current = {
        name: attributes.name ?? '',
        className: attributes.classname ?? '',
        seconds: Number.parseFloat((attributes.time ?? '0').replaceAll(',', '')) || 0,
        outcome: 'passed',
        message: '',
      }
      found(current)
    }
    if (current === undefined) return
    if (name === 'skipped') current.outcome = 'skipped'
    if (name !== 'failure' && name !== 'error') return
    inFailure = true
    current.outcome = 'failed'
    current.asserts = /Assertion|ComparisonFailure/.test(attributes.type ?? '')
    current.message = [attributes.type, attributes.message].filter(Boolean).join(': ')
  })
  const addMessage = (text: string): void => {
    if (inFailure && current !== undefined && text.trim() !== '' && current.message.length < maxMessage)
      current.message = text.startsWith(current.message) ? text : `${current.message}\n${text}`
  }
  parser.on('text', addMessage)
  parser.on('cdata', addMessage)
  parser.on('closetag', ({ name }) => {
    if (name === 'testcase') current = undefined
    if (name === 'failure' || name === 'error') inFailure = false
  })
  parser.write(text).close()
}

function lineOf(one: Case, module: string): ResultLine {
  const { className, name, outcome, seconds } = one
  const file = sourceOf(module, className)
  const nested = className.split('$').slice(1)
  // A failure outside of any test, such as in a class's own set-up, has no name or the class's.
  const whole = name === '' || name === className
  const message = one.message.trim().split('\n').slice(0, messageLines).join('\n').slice(0, maxMessage)
  return {
    ...(file === undefined ? {} : { file }),
    suite: whole && file !== undefined ? [] : file === undefined ? [className] : nested,
    title: whole ? '' : name,
    outcome,
    durationMs: Math.max(0, seconds * 1000),
    ...(message === '' ? {} : { message }),
    ...(one.asserts === true ? { compared: {} } : {}),
  }
}
