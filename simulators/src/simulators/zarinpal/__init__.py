"""ZarinPal's payment gateway, REST v4, in sandbox manners."""
