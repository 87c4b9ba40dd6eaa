import type { JSX as Jsx } from 'preact'

type Host<Properties> = Jsx.HTMLAttributes<HTMLElement> & Properties

/** The custom elements of `@vscode-elements/elements` that the panel uses. */
declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-badge': Host<{ variant?: 'counter' | 'default' }>
      'vscode-button': Host<{ secondary?: boolean }>
      'vscode-checkbox': Host<{ checked?: boolean; disabled?: boolean; label?: string }>
    }
  }
}
