// Prints the rows of a Parquet part of messages as one engine sees them, as JSON lines: node read.mjs polars|hyparquet FILE
//
// Standard input: a JSON array of the ids to look for. A row has its columns, 64-bit integers and times (microseconds) as decimal strings,
// and what the engine's own functions say:
//   "found by id": the number of rows that a filter on its id finds
//   "COLUMN, members": the number of members of the JSON in a column; null if the engine cannot parse it
//   "n in metadata", "after in metadata": two members of that JSON, as text
//   "created_at, as a Date": as its rows have it if nobody asks for another type; "created_at, as text": polars only
import { asyncBufferFromFile, parquetMetadataAsync, parquetQuery, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { text } from 'node:stream/consumers'
import pl from 'nodejs-polars'

const jsonColumns = ['metadata', 'message_type_data', 'extra']

const members = value => (value !== null && typeof value === 'object' ? Object.keys(value).length : 0)

function parsed(json) {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

async function hyparquet(path, ids) {
  const file = await asyncBufferFromFile(path)
  const metadata = await parquetMetadataAsync(file)
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const parsers = { timestampFromMicroseconds: micros => micros, stringFromBytes: bytes => bytes && decoder.decode(bytes) }
  const options = { file, metadata, compressors, parsers, utf8: false }
  const dates = new Map((await parquetReadObjects({ file, metadata, compressors, columns: ['id', 'created_at'] })).map(row => [row.id, row.created_at]))
  const found = new Map()
  for (const id of ids) found.set(id, (await parquetQuery({ ...options, columns: ['id'], filter: { id: { $eq: id } } })).length)
  return (await parquetReadObjects(options)).map(row => {
    const seen = { ...row, 'found by id': found.get(row.id), 'created_at, as a Date': dates.get(row.id) ?? null }
    for (const column of jsonColumns) {
      const json = row[column] == null ? undefined : parsed(row[column])
      seen[`${column}, members`] = json === undefined ? null : members(json)
      if (column !== 'metadata') continue
      seen['n in metadata'] = json?.n ?? null
      seen['after in metadata'] = json?.after ?? null
    }
    return seen
  })
}

function polars(path, ids) {
  const part = pl.scanParquet(path)
  const text = name => pl.col(name).cast(pl.Int64).cast(pl.Utf8).alias(name)
  const json = (column, jsonPath, alias) => pl.col(column).str.jsonPathMatch(jsonPath).alias(alias)
  const rows = part
    .withColumns(
      pl.col('created_at').alias('created_at, as a Date'),
      pl.col('created_at').dt.strftime('%Y-%m-%dT%H:%M:%S%.6fZ').alias('created_at, as text'),
      ...jsonColumns.map(column => json(column, '$', `${column}, members`)),
      json('metadata', '$.n', 'n in metadata'),
      json('metadata', '$.after', 'after in metadata'),
    )
    .withColumns(...['created_at', 'updated_at', 'archived_at', 'position'].map(text))
    .collectSync()
    .toRecords()
  return rows.map(row => {
    for (const column of jsonColumns) {
      const json = row[`${column}, members`]
      row[`${column}, members`] = json === null ? null : members(parsed(json))
    }
    return { ...row, 'found by id': part.filter(pl.col('id').eq(pl.lit(row.id))).collectSync().height }
  })
}

const toJson = (_, value) => (typeof value === 'bigint' || typeof value === 'number' ? String(value) : value)

const [engine, path] = process.argv.slice(2)
const ids = JSON.parse(await text(process.stdin))
const rows = await (engine === 'polars' ? polars(path, ids) : hyparquet(path, ids))
process.stdout.write(rows.map(row => JSON.stringify(row, toJson) + '\n').join(''))
