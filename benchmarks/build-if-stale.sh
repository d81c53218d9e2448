# Sourced: sets java, java_options, class_path and module, after a Maven build if the last one is missing or outdated.

module="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
repository="$(dirname "$module")"

major_version() {
    "$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p'
}

# The newest JDK of at least 17 among JAVA_HOME, the java on the PATH and the usual places.
newest_jdk() {
    local best="" best_version=16 home version
    local candidates=("${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* "$HOME"/.sdkman/candidates/java/*)
    if command -v java >/dev/null; then
        candidates+=("$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")")
    fi
    for home in "${candidates[@]}"; do
        [[ -n "$home" && -x "$home/bin/javac" ]] || continue
        version="$(major_version "$home")"
        if [[ "$version" =~ ^[0-9]+$ ]] && ((version > best_version)); then
            best="$home" best_version="$version"
        fi
    done
    if [[ -z "$best" ]]; then
        echo "benchmarks: no JDK of version 17 or newer found; install one with: apt-get install openjdk-17-jdk" >&2
        return 1
    fi
    echo "$best"
}

# True if every entry of the recorded class path exists and no source or pom is newer than it.
up_to_date() {
    local recorded="$module/target/classpath.txt" entry entries
    [[ -f "$recorded" ]] && compgen -G "$module/target/benchmarks-*.jar" >/dev/null || return 1
    IFS=: read -ra entries <"$recorded"
    for entry in "${entries[@]}"; do
        [[ -e "$entry" ]] || return 1
    done
    [[ -z "$(find "$repository"/pom.xml "$repository"/*/pom.xml "$repository"/*/src -newer "$recorded" -print -quit)" ]]
}

build() {
    if ! command -v mvn >/dev/null; then
        echo "benchmarks: Maven is needed to build; install it with: apt-get install maven" >&2
        return 1
    fi
    echo "benchmarks: building" >&2
    (cd "$repository" && mvn -q -B -ntp -pl benchmarks -am -Dmaven.test.skip=true package) >&2
    touch "$module/target/classpath.txt"
}

up_to_date || build
java="$(newest_jdk)/bin/java"
java_options=(-XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
class_path="$(compgen -G "$module/target/benchmarks-*.jar"):$(cat "$module/target/classpath.txt")"
