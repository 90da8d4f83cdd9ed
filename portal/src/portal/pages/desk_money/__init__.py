"""The desk's money: refunds, differences, providers; and the trail of what everybody did."""
