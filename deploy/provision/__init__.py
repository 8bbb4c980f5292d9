"""In: the contracts; out: a broker whose topics and access control list are as they say."""
