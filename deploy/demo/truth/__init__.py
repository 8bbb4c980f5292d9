"""In: what is true of journeys and of people without a name. Out: all numbers it comes to."""
