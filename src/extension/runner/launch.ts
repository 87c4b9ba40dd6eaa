/* The first lines of every runner that the editor starts. */

// Electron's file system takes archives for folders; a repository is packaged byte by byte.
Object.assign(process, { noAsar: true })
for (const name of Object.keys(process.env)) if (/^(ELECTRON|VSCODE)_/i.test(name)) delete process.env[name]

const program = './drydock.mjs'
await import(program)
