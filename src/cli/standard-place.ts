/** Where the settings file is, unless --config says otherwise. */
export const standardPlace = '/etc/portreeve/portreeve.toml';
