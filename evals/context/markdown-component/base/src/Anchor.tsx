import type { Components } from 'react-markdown'

export const Anchor: Components['a'] = ({ href, children }) => <a href={href}>{children}</a>
