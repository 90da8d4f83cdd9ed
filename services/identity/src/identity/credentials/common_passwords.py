"""Passwords of eight characters or more that guessers try first, in small letters.

Source: the heads of the published lists of leaked passwords, and what Persian keyboards add to them.
"""

_WORDS = """
12345678 123456789 1234567890 12345678910 123456789a 123456789q 123123123 123321123 123454321 1234512345
11111111 111111111 1111111111 1112223334 12121212 121212121 112233445566 11223344 1122334455 1020304050
102030405060 00000000 000000000 0000000000 0987654321 098765432 09876543 22222222 33333333 44444444
55555555 66666666 77777777 88888888 888888888 99999999 999999999 987654321 87654321 9876543210 147258369
147852369 159753456 123456123 12344321 789456123 741852963 13579135 135792468 01234567 0123456789
19821982 19901990 13601360 13651365 13701370 13751375 password password1 password12 password123
password1234 passw0rd p@ssw0rd p@ssword pa$$word iloveyou iloveyou1 princess princess1 sunshine
sunshine1 football football1 baseball basketball superman superman1 spiderman trustno1 starwars whatever
welcome1 welcome123 letmein1 computer internet samsung1 michelle jennifer jessica1 charlie1 liverpool
chelsea1 barcelona realmadrid qwertyui qwertyuiop qwerty123 qwerty1234 qwerty12345 qwerty12 qwer1234
1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc q1w2e3r4 q1w2e3r4t5 qazwsxedc qazwsx123 asdfghjk asdfghjkl
asdf1234 zxcvbnm1 zxcvbnm123 zaq12wsx abcdefgh abcd1234 abc12345 abc123456 a1234567 a12345678 a123456789
aa123456 aa12345678 aaaaaaaa admin123 admin1234 administrator changeme guest123 secret123 test1234
iran1234 iran12345 iraniran tehran123 tehran1234 tehran021 persepolis persepolis1 esteghlal esteghlal1
perspolis mohammad mohammad1 alireza1 alireza123 mohammadreza ali123456 reza1234 zahra123 fatemeh1
fatemeh123 khodaya1 salam123 salam1234 hossein1 hossein123
"""
COMMON_PASSWORDS = frozenset(_WORDS.split())
