#!/usr/bin/lua5.4
--
-- lua5.4: closures, coroutines, metatables, strings, files, a garbage collector under load.

local function queens(n, row, cols, d1, d2)
	if row > n then return 1 end
	local found = 0
	for c = 1, n do
		if not (cols[c] or d1[row + c] or d2[row - c]) then
			cols[c], d1[row + c], d2[row - c] = true, true, true
			found = found + queens(n, row + 1, cols, d1, d2)
			cols[c], d1[row + c], d2[row - c] = nil, nil, nil
		end
	end
	return found
end
print("queens", queens(7, 1, {}, {}, {}))

local function generate(n)
	return coroutine.wrap(function()
		local a, b = 0, 1
		for _ = 1, n do
			coroutine.yield(a)
			a, b = b, a + b
		end
	end)
end
local line = {}
for f in generate(30) do line[#line + 1] = f end
print(table.concat(line, " "))

local Vector = {}
Vector.__index = Vector
Vector.__add = function(a, b) return setmetatable({x = a.x + b.x, y = a.y + b.y}, Vector) end
Vector.__eq = function(a, b) return a.x == b.x and a.y == b.y end
Vector.__tostring = function(v) return ("(%d, %d)"):format(v.x, v.y) end
local function vector(x, y) return setmetatable({x = x, y = y}, Vector) end
print(tostring(vector(1, 2) + vector(3, 4)), vector(1, 1) == vector(1, 1))

-- Garbage of some hundred megabytes in all, of which little is alive at a time.
local alive, sum = {}, 0
for i = 1, 300000 do
	alive[i % 1000 + 1] = {i, tostring(i), {i * 2}}
	if i % 50000 == 0 then collectgarbage() end
end
for _, v in pairs(alive) do sum = sum + v[1] + #v[2] + v[3][1] end
print("alive", sum, collectgarbage("count") < 20000)
local weak = setmetatable({}, {__mode = "k"})
for _ = 1, 100 do weak[{}] = true end
collectgarbage()
print("weak", next(weak))

local words = {}
for word in ("the quick brown fox jumps over the lazy dog the end"):gmatch("%a+") do
	words[word] = (words[word] or 0) + 1
end
local names = {}
for name in pairs(words) do names[#names + 1] = name end
table.sort(names, function(a, b) return words[a] > words[b] or words[a] == words[b] and a < b end)
for _, name in ipairs(names) do io.write(name, "=", words[name], " ") end
print()
print(("2024-02-29"):gsub("(%d+)-(%d+)-(%d+)", "%3.%2.%1"), ("x"):rep(5, ","), ("%q"):format("a\nb"))
print(math.maxinteger, math.mininteger, 7 // -2, 7 % -2, 2^53, 1e15, 10 / 2, 3 | 4, "10" + 5)
print(string.pack("<i4z", 100000, "packed"):byte(1, -1))
print(utf8.char(8364, 233), utf8.len("h\u{e9}llo"), select("#", table.unpack({1, 2, nil, 4}, 1, 4)))

local file <close> = assert(io.open("numbers.txt", "w"))
for i = 1, 20000 do file:write(i * i % 1013, "\n") end
file:close()
local total, count = 0, 0
for n in io.lines("numbers.txt", "n") do total, count = total + n, count + 1 end
print(total, count)
local back = assert(io.open("numbers.txt", "rb"))
print(back:seek("end"), back:seek("set", 100), back:read(7), back:read("l"))
back:close()
print(pcall(error, {code = 7}), select(2, pcall(function() return nil + 1 end)))
print(select(2, io.open("/none/such")))
local pipe = io.popen("seq 1 1000 | awk '{ s += $1 } END { print s }'")
print(pipe:read("a"):match("%d+"), pipe:close())
print(os.execute("exit 3"))
print(os.rename("numbers.txt", "squares.txt"), os.date("!%F", 0), os.getenv("HOME"))
print(load("local n = ... return n * 2")(21), xpcall(error, function(m) return "caught " .. m end, "it"))
