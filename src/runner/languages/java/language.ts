import type { Language } from '../language.ts'
import { boundNames, importPattern } from './imports.ts'

/** Java, and what else is compiled to its classes. */
export const java: Language = {
  files: /\.(?:java|kts?|groovy|scala)$/,
  tests: /(?:^|\/)(?:tests?|src\/test)\/|(?:Test|Tests|IT)\.\w+$/,
  typed: /\.(?:java|kt|scala)$/,
  knowsNeighbours: true,
  words: {
    reserved:
      `break case catch class const continue default do else enum extends false finally for if import instanceof new
       null return super switch this throw true try var void while`.split(/\s+/),
    ofLists:
      `forEach map filter reduce indexOf lastIndexOf toString valueOf split replace replaceAll trim startsWith endsWith
       substring charAt toLowerCase toUpperCase concat stream iterator equals hashCode compareTo toArray addAll getClass`.split(
        /\s+/,
      ),
    ofHolders:
      'get set add clear put remove containsKey getOrDefault putAll length size values isEmpty contains'.split(
        ' ',
      ),
  },
  said: { words: [/cannot find symbol: \w+ (\w+)/g, /symbol:\s+\w+ (\w+)/g] },
  owns: (name) => name.includes(':'),
  importPattern,
  boundNames,
}
