"""In: touchpoints.v1 as Faust delivers it. Out: journeys.v1, rejections and the state log."""
