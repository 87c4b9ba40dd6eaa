function tide(
  harbourOfDeparture,
  harbourOfDestination,
  dayOfTheWeekOrNothingAtAll,
  tideTable
) {
  return tideTable[harbourOfDeparture][dayOfTheWeekOrNothingAtAll]
}

module.exports = { tide }
