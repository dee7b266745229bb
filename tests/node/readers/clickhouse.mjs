// Runs SQL with ClickHouse inside this process: node clickhouse.mjs
//
// Standard input: one query a line, as a JSON string. Standard output: one line for each, {"rows":[{...}]} or {"error":"..."}.
// 64-bit integers are JSON numbers; times are ISO 8601 in UTC, with as many digits of a second as their type has.
import { createInterface } from 'node:readline'
import { Session } from 'chdb'

process.chdir('/') // deltaLakeLocal reads only folders below the current one.
const session = new Session('', {
  connectionArgs: [
    '--date_time_output_format=iso',
    '--output_format_json_quote_64bit_integers=0',
    '--session_timezone=UTC',
  ],
})

function answer(query) {
  try {
    return `{"rows":[${session.query(query, 'JSONEachRow').trimEnd().replaceAll('\n', ',')}]}`
  } catch (error) {
    return JSON.stringify({ error: error.message })
  }
}

for await (const line of createInterface({ input: process.stdin })) process.stdout.write(answer(JSON.parse(line)) + '\n')
session.close()
