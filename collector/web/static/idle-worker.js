// Registered and removed by the connection test: a browser refuses it where TLS is not trusted.
