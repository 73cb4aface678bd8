// Checks our log with somebody else's program: Go's sumdb/note and sumdb/tlog.
//
//	main FOLDER
//
// The folder holds what we publish: verifier-key, old and new (signed checkpoints), proof (a tlog-proof whose extra
// data is salt and body), consistency (hashes in base64, one a line), tile/... (tlog-tiles). Nothing here is ours but
// the reading of these files.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type checkpoint struct {
	origin string
	tree   tlog.Tree
}

func main() {
	log.SetFlags(0)
	folder := os.Args[1]
	verifier, err := note.NewVerifier(strings.TrimSpace(read(folder, "verifier-key")))
	check("verifier key", err)
	older := open(verifier, read(folder, "old"))
	newer := open(verifier, read(folder, "new"))
	inclusion(verifier, read(folder, "proof"))
	consistency(older.tree, newer.tree, read(folder, "consistency"))
	tiles(folder, newer.tree)
	fmt.Println("ok", newer.origin, older.tree.N, newer.tree.N)
}

func open(verifier note.Verifier, signed string) checkpoint {
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	check("note", err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 {
		log.Fatal("checkpoint: too few lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check("size", err)
	hash, err := tlog.ParseHash(lines[2])
	check("root", err)
	return checkpoint{lines[0], tlog.Tree{N: size, Hash: hash}}
}

func inclusion(verifier note.Verifier, text string) {
	head, signed, found := strings.Cut(text, "\n\n")
	if !found {
		log.Fatal("proof: no checkpoint")
	}
	at := open(verifier, signed)
	lines := strings.Split(head, "\n")
	if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		log.Fatal("proof: not a tlog-proof")
	}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	check("extra", err)
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	check("index", err)
	mac := hmac.New(sha256.New, extra[:32])
	mac.Write(extra[32:])
	proof := tlog.RecordProof(hashes(lines[3:]))
	check("inclusion", tlog.CheckRecord(proof, at.tree.N, at.tree.Hash, index, tlog.RecordHash(mac.Sum(nil))))
}

func consistency(older, newer tlog.Tree, text string) {
	proof := tlog.TreeProof(hashes(strings.Fields(text)))
	check("consistency", tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash))
}

// tiles lets Go's own tile reader rebuild both ends of the tree from our tiles; it refuses tiles that do not lead to
// the root that was signed.
func tiles(folder string, tree tlog.Tree) {
	reader := tlog.TileHashReader(tree, &tileFolder{folder})
	for _, index := range []int64{0, tree.N / 2, tree.N - 1} {
		_, err := tlog.ProveRecord(tree.N, index, reader)
		check(fmt.Sprintf("tiles at %d", index), err)
	}
	root, err := tlog.TreeHash(tree.N, reader)
	check("tiles", err)
	if root != tree.Hash {
		log.Fatal("tiles: another root")
	}
	entryBundle(folder, tree)
}

// entryBundle checks that the leaf data we publish hash to the hashes of the tile beside them.
func entryBundle(folder string, tree tlog.Tree) {
	bundle := []byte(read(folder, "tile/entries/000"))
	hashesOf := []byte(read(folder, "tile/0/000"))
	for offset := 0; offset < len(hashesOf); offset += tlog.HashSize {
		length := int(bundle[0])<<8 | int(bundle[1])
		hash := tlog.RecordHash(bundle[2 : 2+length])
		if !bytes.Equal(hash[:], hashesOf[offset:offset+tlog.HashSize]) {
			log.Fatalf("entry bundle: leaf %d", offset/tlog.HashSize)
		}
		bundle = bundle[2+length:]
	}
	if len(bundle) != 0 {
		log.Fatal("entry bundle: too long")
	}
}

type tileFolder struct{ folder string }

func (t *tileFolder) Height() int                         { return 8 }
func (t *tileFolder) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (t *tileFolder) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(t.folder, path(tile)))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

// path writes a tile's path as C2SP tlog-tiles does; Go's own puts the height first.
func path(tile tlog.Tile) string {
	return strings.TrimPrefix(strings.Replace(tile.Path(), "tile/8/", "tile/", 1), "/")
}

func hashes(lines []string) []tlog.Hash {
	var found []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		check("hash", err)
		found = append(found, hash)
	}
	return found
}

func read(folder, name string) string {
	data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
	check(name, err)
	return string(data)
}

func check(what string, err error) {
	if err != nil {
		log.Fatalf("%s: %v", what, err)
	}
}
