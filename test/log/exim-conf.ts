// A configuration of Exim's own in which a client can provoke every wording that clients can provoke.

export interface ConfOptions {
  readonly port: number;
  /** Of log_selector. */
  readonly selector: string;
  readonly junkHelo: boolean;
}

export function eximConf({ port, selector, junkHelo }: ConfOptions): string {
  return `
primary_hostname = mx.example.test
log_file_path = /var/log/exim4/lab-%slog
log_selector = ${selector}
daemon_smtp_ports = ${port}
local_interfaces = 0.0.0.0
pid_file_path = /run/exim4/lab.pid
spool_directory = /var/spool/exim4
exim_user = Debian-exim
exim_group = Debian-exim
never_users =
domainlist local_domains = example.test
acl_smtp_connect = acl_connect
acl_smtp_helo = acl_helo
acl_smtp_mail = acl_mail
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data
acl_smtp_vrfy = acl_vrfy
acl_smtp_etrn = acl_etrn
host_reject_connection = 127.0.1.1
helo_verify_hosts = 127.0.1.2
host_lookup =
rfc1413_hosts =
${junkHelo ? 'helo_accept_junk_hosts = *' : ''}
message_size_limit = 20K
recipients_max = 3
recipients_max_reject = true
smtp_accept_max = 12
smtp_accept_max_per_host = 4
smtp_accept_max_nonmail = 3
smtp_max_synprot_errors = 2
smtp_max_unknown_commands = 2
smtp_accept_max_per_connection = 2
smtp_receive_timeout = 2s
smtp_enforce_sync = true
received_headers_max = 3
header_maxsize = 30K
queue_only = true

begin acl
acl_connect:
  deny hosts = 127.0.1.3
       log_message = not today
  defer hosts = 127.0.1.4
  drop hosts = 127.0.1.5
       log_message = gone
  accept
acl_helo:
  deny condition = \${if match{$sender_helo_name}{\\Nrefuse\\N}}
       log_message = bad name $sender_helo_name
  accept
acl_mail:
  deny senders = refused@evil.example
  warn senders = warned@evil.example
       log_message = noticed $sender_address
  accept
acl_rcpt:
  discard local_parts = discarded
          log_message = thrown away
  deny local_parts = checked
       !verify = sender
  drop local_parts = dropped
       message = go away
  defer local_parts = deferred
        log_message = not now
  accept domains = +local_domains
         endpass
         message = Unrouteable address
         verify = recipient
  accept authenticated = *
  deny message = relay not permitted
acl_data:
  deny condition = \${if match{$h_subject:}{\\Nvirus\\N}}
       log_message = This message contains a virus ($h_subject:)
  accept
acl_vrfy:
  accept
acl_etrn:
  deny

begin routers
refuse_unknown_sender:
  driver = redirect
  domains = nowhere.example
  data = :fail: Unrouteable address
local_user:
  driver = accept
  domains = +local_domains
  local_parts = alice : bob : checked
  transport = nowhere
outside:
  driver = accept
  domains = ! +local_domains
  transport = nowhere

begin transports
nowhere:
  driver = appendfile
  file = /dev/null
  user = Debian-exim

begin authenticators
plain_server:
  driver = plaintext
  public_name = PLAIN
  server_condition = \${if eq{$auth3}{right}}
  server_set_id = $auth2
  server_prompts = :
login_server:
  driver = plaintext
  public_name = LOGIN
  server_prompts = "Username:: : Password::"
  server_condition = \${if eq{$auth2}{right}}
  server_set_id = $auth1
`;
}
