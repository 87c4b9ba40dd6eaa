/** Words that make a failing command look well, in scripts, make files and workflows. */
export const neutralised =
  /\|\|\s*(true|:|exit\b|echo\b)|;\s*(true|:)\s*$|\bexit\s+0\b|--pass-?with-?no-?tests|\bset\s+\+e\b|continue-on-error|--force-exit|\ballow_failure|ignore_errors|--no-bail|--exit-zero|--if-present|^\s*-\s*\w+ /im
