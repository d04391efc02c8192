package match

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5" //nolint:gosec // what the format uses
	"crypto/rc4" //nolint:gosec // what the format uses
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
)

// Encrypted files that ask for no password: everybody may read them, and
// readers do so without a word. Converters write them to forbid printing or
// changing. The standard says how the key follows from the empty password.

// pdfLock is how a file is encrypted.
type pdfLock struct {
	key              []byte
	streams, strings pdfCipher
}

// pdfCipher is a way of encryption.
type pdfCipher int

const (
	pdfPlain pdfCipher = iota
	pdfRC4
	pdfAES128 // with a key for each object
	pdfAES256 // with one key for all
)

// pdfSeal is what the key of a string or stream depends on.
type pdfSeal struct {
	number, generation int
	in                 bool // it stands in the file itself, and so is encrypted
}

// pdfPadding stands for what a password lacks to 32 bytes.
const pdfPadding = "\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\x00\x4e\x56\xff\xfa\x01\x08" +
	"\x2e\x2e\x00\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe\x64\x53\x69\x7a"

// unlock finds out how the file is encrypted, if it is; false when it cannot
// be read without a password.
func (f *pdfFile) unlock() bool {
	for _, trailer := range f.trailers() {
		if trailer["Encrypt"] == nil {
			continue
		}
		dict := f.dict(trailer["Encrypt"])
		id, _ := first(f.list(trailer["ID"])).(pdfString)
		lock := f.lockOf(dict)
		if lock == nil || !lock.open(f, dict, string(id)) {
			return false
		}
		f.lock = lock
		return true
	}
	return true
}

// lockOf reads the ways of encryption; nil when they are not the standard's.
func (f *pdfFile) lockOf(dict pdfDict) *pdfLock {
	if f.resolve(dict["Filter"]) != pdfName("Standard") {
		return nil
	}
	switch f.number(dict["V"]) {
	case 1, 2:
		return &pdfLock{streams: pdfRC4, strings: pdfRC4}
	case 4, 5:
		return &pdfLock{streams: f.cipher(dict, "StmF"), strings: f.cipher(dict, "StrF")}
	}
	return nil
}

// cipher is the way of encryption that an entry names.
func (f *pdfFile) cipher(dict pdfDict, entry string) pdfCipher {
	name, _ := f.resolve(dict[entry]).(pdfName)
	switch f.resolve(f.dict(f.dict(dict["CF"])[string(name)])["CFM"]) {
	case pdfName("V2"):
		return pdfRC4
	case pdfName("AESV2"):
		return pdfAES128
	case pdfName("AESV3"):
		return pdfAES256
	}
	return pdfPlain
}

// open works out the key of the empty password, and whether it is the right one.
func (l *pdfLock) open(f *pdfFile, dict pdfDict, id string) bool {
	text := func(entry string) string { s, _ := f.resolve(dict[entry]).(pdfString); return string(s) }
	revision := int(f.number(dict["R"]))
	if revision >= 5 {
		return l.openNew(revision, text("U"), text("UE"))
	}
	owner, user := text("O"), text("U")
	if len(owner) < 32 || len(user) < 32 {
		return false
	}
	size := 5
	if revision >= 3 {
		size = min(max(int(f.number(dict["Length"]))/8, 5), 16)
	}
	if f.number(dict["V"]) == 4 {
		size = 16
	}
	allowed, _ := f.resolve(dict["P"]).(float64)
	seed := binary.LittleEndian.AppendUint32([]byte(pdfPadding+owner[:32]), uint32(int64(allowed))) //nolint:gosec // its bits
	seed = append(seed, id...)
	if open, ok := f.resolve(dict["EncryptMetadata"]).(bool); ok && !open && revision >= 4 {
		seed = append(seed, 0xff, 0xff, 0xff, 0xff)
	}
	sum := md5.Sum(seed) //nolint:gosec // what the format uses
	for i := 0; revision >= 3 && i < 50; i++ {
		sum = md5.Sum(sum[:size]) //nolint:gosec // what the format uses
	}
	l.key = bytes.Clone(sum[:size])
	return l.fits(revision, user, id)
}

// fits says whether the key of the empty password is the file's.
func (l *pdfLock) fits(revision int, user, id string) bool {
	if revision < 3 {
		return string(undoRC4(l.key, []byte(pdfPadding))) == user[:32]
	}
	sum := md5.Sum([]byte(pdfPadding + id)) //nolint:gosec // what the format uses
	check, key := sum[:], make([]byte, len(l.key))
	for round := range byte(20) {
		for i := range key {
			key[i] = l.key[i] ^ round
		}
		check = undoRC4(key, check)
	}
	return string(check) == user[:16]
}

// openNew is open for keys of 256 bits: a hash, what it was salted with, and
// what the key was salted with.
func (l *pdfLock) openNew(revision int, user, sealed string) bool {
	if len(user) < 48 || len(sealed) < 32 {
		return false
	}
	if string(pdfHash(revision, user[32:40])) != user[:32] {
		return false
	}
	l.key = undoAES(pdfHash(revision, user[40:48]), make([]byte, aes.BlockSize), []byte(sealed[:32]))
	return l.key != nil
}

// pdfHash hashes the empty password with a salt. Its rounds end after at most
// 287, since the last byte of each is at most 255.
func pdfHash(revision int, salt string) []byte {
	sum := sha256.Sum256([]byte(salt))
	k := sum[:]
	for i := 0; revision >= 6; i++ {
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil
		}
		e := bytes.Repeat(k, 64)
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(e, e)
		rest := 0
		for _, b := range e[:16] {
			rest += int(b)
		}
		switch rest % 3 {
		case 0:
			s := sha256.Sum256(e)
			k = s[:]
		case 1:
			s := sha512.Sum384(e)
			k = s[:]
		default:
			s := sha512.Sum512(e)
			k = s[:]
		}
		if i >= 63 && int(e[len(e)-1]) <= i-31 {
			break
		}
	}
	return k[:32]
}

// unseal decrypts a string or stream. What was encrypted is passed over again
// each time it is asked for, which is counted.
func (f *pdfFile) unseal(c pdfCipher, s pdfSeal, data []byte) []byte {
	if !s.in || f.lock == nil || c == pdfPlain || f.steps <= 0 {
		return data
	}
	f.steps -= len(data)/chargedBytes + 1
	key := f.lock.key
	if c != pdfAES256 {
		key = s.key(key, c)
	}
	if c == pdfRC4 {
		return undoRC4(key, data)
	}
	if len(data) < 2*aes.BlockSize {
		return nil
	}
	whole := data[aes.BlockSize : len(data)-len(data)%aes.BlockSize]
	out := undoAES(key, data[:aes.BlockSize], whole)
	if n := len(out); n > 0 && int(out[n-1]) <= aes.BlockSize {
		out = out[:n-int(out[n-1])]
	}
	return out
}

// key is the key of one object.
func (s pdfSeal) key(key []byte, c pdfCipher) []byte {
	n, g := s.number, s.generation
	seed := append(bytes.Clone(key), byte(n), byte(n>>8), byte(n>>16), byte(g), byte(g>>8)) //nolint:gosec // its bytes
	if c == pdfAES128 {
		seed = append(seed, "sAlT"...)
	}
	sum := md5.Sum(seed) //nolint:gosec // what the format uses
	return bytes.Clone(sum[:min(len(key)+5, 16)])
}

// undoRC4 answers a decrypted copy; nil when there is no key.
func undoRC4(key, data []byte) []byte {
	c, err := rc4.NewCipher(key) //nolint:gosec // what the format uses
	if err != nil {
		return nil
	}
	out := make([]byte, len(data))
	c.XORKeyStream(out, data)
	return out
}

// undoAES answers a decrypted copy of whole blocks; nil when the key is none.
func undoAES(key, iv, data []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, data)
	return out
}
