"""Line protocols described by a table instead of by code: delimited text and HL7 observations, both ends of the wire."""
