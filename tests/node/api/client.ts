// A customer's program on the generated client: exports everything, waits for the end, downloads each file, and reads the archive.
import createClient from 'openapi-fetch'
import type { paths } from './schema.js'

const hex = async (bytes: ArrayBuffer): Promise<string> =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map(b => b.toString(16).padStart(2, '0')).join('')

const sure = <T>(answer: { data?: T; error?: unknown; response: Response }): T => {
  if (answer.data === undefined) throw new Error(`${answer.response.status}: ${JSON.stringify(answer.error)}`)
  return answer.data
}

export async function run(server: string, key: string) {
  const api = createClient<paths>({ baseUrl: server, headers: { 'x-functions-key': key } })
  const { id } = sure(await api.POST('/api/exports', { body: { conversations: 'all', formats: ['parquet', 'csv'] } }))
  let status = sure(await api.GET('/api/exports/{id}', { params: { path: { id } } }))
  while (status.status === 'NotStarted' || status.status === 'Running') {
    await new Promise(resolve => setTimeout(resolve, 50))
    status = sure(await api.GET('/api/exports/{id}', { params: { path: { id } } }))
  }

  const files = []
  for (const file of status.result?.files ?? []) {
    const content = sure(await api.GET('/api/exports/{id}/files/{path}', { params: { path: { id, path: file.path } }, parseAs: 'arrayBuffer' }))
    files.push({ path: file.path, isWhole: (await hex(content as ArrayBuffer)) === file.sha256 })
  }

  const list = sure(await api.GET('/api/conversations', { params: { query: { sort: 'messages', limit: 1 } } }))
  const first = list.items[0]
  const found = sure(await api.POST('/api/conversations/search', { body: { phone: first.phoneNumber } }))
  const messages = sure(await api.GET('/api/conversations/{id}/messages', { params: { path: { id: first.id }, query: { order: 'oldest', limit: 5 } } }))
  const wrong = await api.GET('/api/exports/{id}', { params: { path: { id: 'none' } } })
  return {
    status: status.status, files, conversations: list.total, found: found.items.map(c => c.id), first: first.id,
    messages: messages.items.map(m => m.text), problem: wrong.error?.type,
  }
}
