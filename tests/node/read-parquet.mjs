// Prints the rows of a Parquet file as JSON lines: node read-parquet.mjs FILE
//
// Timestamps, of any unit: ISO 8601 in UTC with six digits of a second, "2026-11-22T02:00:00.123456Z".
// 64-bit integers: decimal strings. Text: strings. Bytes that are not annotated as text: {"base64": "..."}.
// Columns annotated as JSON: the text, unparsed. A file that cannot be read: a message on stderr and exit code 1.
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const decoder = new TextDecoder('utf-8', { fatal: true })

function isoFromMicroseconds(microseconds) {
  const micros = BigInt(microseconds)
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, -5)
  return `${seconds}.${fraction.toString().padStart(6, '0')}Z`
}

const parsers = {
  timestampFromMilliseconds: millis => isoFromMicroseconds(BigInt(millis) * 1000n),
  timestampFromMicroseconds: isoFromMicroseconds,
  timestampFromNanoseconds: nanos => isoFromMicroseconds(BigInt(nanos) / 1000n),
  stringFromBytes: bytes => bytes && decoder.decode(bytes),
  jsonFromBytes: bytes => bytes && decoder.decode(bytes),
}

function toJson(_, value) {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') }
  return value
}

try {
  const file = await asyncBufferFromFile(process.argv[2])
  const rows = await parquetReadObjects({ file, compressors, parsers, utf8: false })
  process.stdout.write(rows.map(row => JSON.stringify(row, toJson) + '\n').join(''))
} catch (error) {
  console.error(`${process.argv[2]}: ${error.message}`)
  process.exitCode = 1
}
